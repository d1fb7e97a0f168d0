// SPDX-License-Identifier: GPL-2.0-or-later
/* A finding for everything that is carried, in the object's order. */
#include "read-code-lines.h"
#include "read-inlines.h"
#include "select.h"

/* Read once they are wanted. */
struct sources {
	struct code_lines *lines;
	struct inlines *inlines;
};

static void read_sources(struct sources *sources, struct selection *selection)
{
	const char *path = selection_model(selection)->object->path;

	if (sources->inlines || sources->lines)
		return;
	sources->inlines = inlines_read(path);
	sources->lines = code_lines_read(path);
	selection->findings->out_of_memory |= !sources->inlines || !sources->lines;
}

/* The last line of the function's own code. */
static unsigned int last_line(const struct sources *sources, const struct unit *unit)
{
	uint64_t at = unit->entry;
	long line, last = 0;

	for (; code_lines_next(sources->lines, unit->section, unit->end, &at, &line); at++)
		if (line > last && !inlines_at(sources->inlines, unit->name, at, 0))
			last = line;
	return (unsigned int)last;
}

static void report_changed(struct selection *selection, struct sources *sources, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	struct findings *findings = selection->findings;
	char inlined[256] = "";

	if (findings->all_places) {
		read_sources(sources, selection);
		inlines_say(sources->inlines, unit->name,
			    unit->entry + selection->comparison->first_change[id], inlined,
			    sizeof(inlined));
	}
	findings_add(findings, model, id, FINDING_CHANGED_FUNC, "changed", NULL, "%s differs%s",
		     selection->comparison->reasons[id], inlined);
	if (findings->all_places && !findings->out_of_memory &&
	    findings->items[findings->count - 1].line)
		findings->items[findings->count - 1].last_line = last_line(sources, unit);
}

static void report_unit(struct selection *selection, struct sources *sources, uint32_t id)
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
		report_changed(selection, sources, id);
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

static void report_checked(const struct selection *selection)
{
	for (size_t i = 0; i < selection->checked.count; i++) {
		const struct checked *checked = &selection->checked.items[i];

		if (selection->carry[checked->unit] != CARRY_REPLACED)
			findings_add(selection->findings, selection_model(selection), checked->unit, FINDING_NOTE,
				     "checked", NULL, "%s: the loader looks for the old one on the stacks",
				     checked->why);
	}
}

void select_report(struct selection *selection)
{
	struct sources sources = { 0 };

	report_checked(selection);
	for (uint32_t i = 0; i < selection_model(selection)->units.count; i++)
		report_unit(selection, &sources, i);
	code_lines_destroy(sources.lines);
	inlines_destroy(sources.inlines);
}
