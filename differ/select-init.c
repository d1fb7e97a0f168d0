// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Init code has run, and will not run again: a change to it is left out, with a note, when nothing
 * that is carried needs it. What would need it is new, and set up there; or was there, and the new
 * init code has to do with it for the first time. Where only init code changed, the patch could
 * not do what it is for.
 */
#include <string.h>

#include "select.h"

#define ADVICE_SETUP                                                                             \
	"set it up in a callback (include/klpkit/patch.h), or where it is used first"

static bool is_init(const struct model *model, uint32_t id)
{
	return section_is_init(unit_section(model, &model->units.items[id])->name);
}

static bool is_variable(const struct model *model, uint32_t id)
{
	const struct unit *unit = &model->units.items[id];

	return unit->kind == UNIT_DATA && unit_fresh(model, unit) == FRESH_NO &&
	       model->classes[unit->section] == CLASS_DATA && !is_init(model, id);
}

/* Did the original init code have to do with it, too? */
static bool twin_uses(const struct selection *selection, uint32_t init, uint32_t variable)
{
	const struct correlation *correlation = selection->correlation;
	const struct model *orig = correlation->orig;
	uint32_t twin = correlation->of_patched[init], wanted = correlation->of_patched[variable];

	if (twin == UNIT_NONE || wanted == UNIT_NONE)
		return false;
	for (uint32_t i = 0; i < orig->units.items[twin].reloc_count; i++)
		if (model_ref(orig, orig->units.items[twin].section,
			      orig->units.items[twin].reloc_first + i)
			    .unit == wanted)
			return true;
	return false;
}

/* The carried function that uses it; UNIT_NONE when none does. */
static uint32_t carried_user(const struct selection *selection, uint32_t variable)
{
	const struct model *model = selection_model(selection);

	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (selection->carry[i] == CARRY_NO)
			continue;
		for (uint32_t n = 0; n < unit->reloc_count; n++)
			if (model_ref(model, unit->section, unit->reloc_first + n).unit == variable)
				return i;
	}
	return UNIT_NONE;
}

/* False: something carried needs what this init code does. */
static bool can_be_left_out(struct selection *selection, uint32_t init)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[init];

	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		uint32_t user;

		if (ref.unit == UNIT_NONE || !is_variable(model, ref.unit) ||
		    twin_uses(selection, init, ref.unit))
			continue;
		user = carried_user(selection, ref.unit);
		if (user == UNIT_NONE)
			continue;
		findings_add(selection->findings, model, init, FINDING_REFUSED, "init-needed",
			     ADVICE_SETUP,
			     "it is init code that will not run again, and has to do with %s, which "
			     "%s uses",
			     model->units.items[ref.unit].name,
			     model->units.items[user].name ?: "carried data");
		return false;
	}
	return true;
}

static bool anything_carried(const struct selection *selection)
{
	for (uint32_t i = 0; i < selection_model(selection)->units.count; i++)
		if (selection->carry[i] == CARRY_REPLACED || selection->carry[i] == CARRY_NEW)
			return true;
	return false;
}

static void leave_out(struct selection *selection, uint32_t id)
{
	findings_add(selection->findings, selection_model(selection), id, FINDING_NOTE, CODE_INIT,
		     NULL,
		     "it is init code or data that has done its work: its change is left out, and "
		     "nothing that is carried needs it");
}

/* Nothing else changed: then a patch would promise what it cannot do. */
static void refuse_what_is_alone(struct selection *selection)
{
	static const char *const codes[] = { CODE_EXPORT, CODE_PARAMETER, CODE_MODINFO, CODE_INIT };

	for (size_t i = 0; i < selection->findings->count; i++) {
		struct finding *finding = &selection->findings->items[i];

		for (size_t n = 0; n < sizeof(codes) / sizeof(*codes); n++) {
			if (strcmp(finding->code, codes[n]) || finding->kind == FINDING_REFUSED)
				continue;
			if (!strcmp(finding->code, CODE_EXPORT) && finding->kind == FINDING_NOTE)
				continue; /* one that goes: nothing is missing */
			finding->kind = FINDING_REFUSED;
			finding->advice = "nothing else changed that a patch could bring to the "
					  "running kernel: reboot for it, or do in a callback what "
					  "is missing (include/klpkit/patch.h)";
			if (strcmp(finding->code, CODE_INIT))
				continue;
			finding->code = "init-only";
			finding->reason = "init code or data changed that has done its work, and "
					  "nothing else: the patch could do nothing";
		}
	}
}

void select_init(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	const enum verdict *verdicts = selection->comparison->verdicts;

	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (!is_init(model, i) ||
		    (verdicts[i] != VERDICT_CHANGED && verdicts[i] != VERDICT_NEW))
			continue;
		if (unit->kind == UNIT_FUNC && !can_be_left_out(selection, i))
			continue;
		if (verdicts[i] == VERDICT_CHANGED)
			leave_out(selection, i);
	}
	if (!anything_carried(selection))
		refuse_what_is_alone(selection);
}
