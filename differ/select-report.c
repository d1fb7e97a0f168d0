// SPDX-License-Identifier: GPL-2.0-or-later
/* A finding for everything that is carried, in the object's order. */
#include "select.h"

static void report_unit(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	const char *reason = selection->comparison->reasons[id];

	switch (selection->carry[id]) {
	case CARRY_REPLACED:
		if (!reason && selection->because[id] != UNIT_NONE) {
			findings_add(selection->findings, model, id, FINDING_CHANGED_FUNC,
				     "calls-lifted", NULL,
				     "it calls %s, which changed and cannot be redirected itself",
				     model->units.items[selection->because[id]].name);
			break;
		}
		findings_add(selection->findings, model, id, FINDING_CHANGED_FUNC, "changed", NULL,
			     "%s differs", reason);
		break;
	case CARRY_NEW:
		findings_add(selection->findings, model, id,
			     unit->kind == UNIT_FUNC ? FINDING_NEW_FUNC : FINDING_NEW_DATA, "new",
			     NULL, "the original object does not have it");
		break;
	case CARRY_LIFTED:
		findings_add(selection->findings, model, id, FINDING_CARRIED_FUNC, "lifted", NULL,
			     "%s; it has no fentry call to redirect it by: all that calls it is "
			     "replaced or carried",
			     reason ? "it changed" : "it calls a function that changed");
		break;
	case CARRY_FRESH:
		findings_add(selection->findings, model, id, FINDING_FRESH_DATA, "fresh", NULL,
			     "each use makes its own");
		break;
	case CARRY_PIECE:
		findings_add(selection->findings, model, id, FINDING_CARRIED_FUNC, "piece", NULL,
			     "it is the cold part of a carried function");
		break;
	default:
		break;
	}
}

void select_report(struct selection *selection)
{
	uint32_t i;

	for (i = 0; i < selection_model(selection)->units.count; i++)
		report_unit(selection, i);
}
