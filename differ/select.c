// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decides what goes into the patch.
 * In: the comparison and the places. Out: struct selection, and the findings.
 */
#include <stdlib.h>

#include "read-layouts.h"
#include "select.h"

void selection_carry(struct selection *selection, uint32_t unit, enum carry carry)
{
	uint32_t *place;

	if (selection->carry[unit] != CARRY_NO)
		return;
	place = array_add(&selection->pending);
	if (!place) {
		selection->findings->out_of_memory = true;
		return;
	}
	*place = unit;
	selection->carry[unit] = carry;
}

void selection_check(struct selection *selection, uint32_t unit, const char *why)
{
	struct checked *place;

	for (size_t i = 0; i < selection->checked.count; i++)
		if (selection->checked.items[i].unit == unit)
			return;
	place = array_add(&selection->checked);
	if (!place) {
		selection->findings->out_of_memory = true;
		return;
	}
	*place = (struct checked){ unit, why };
}

struct error *select_units(const struct diff_input *input, const struct correlation *correlation,
			   const struct comparison *comparison, const struct places *places,
			   struct findings *findings, struct selection **ret)
{
	const struct model *patched = correlation->patched;
	struct selection *selection = calloc(1, sizeof(*selection));
	struct error *err;

	if (!selection)
		return error_nomem();
	selection->input = input;
	selection->correlation = correlation;
	selection->comparison = comparison;
	selection->places = places;
	selection->findings = findings;
	selection->carry = calloc(patched->units.count + 1, sizeof(*selection->carry));
	selection->fates = calloc(patched->entries.count + 1, 1);
	selection->because = calloc(patched->units.count + 1, sizeof(*selection->because));
	if (!selection->carry || !selection->fates || !selection->because) {
		selection_destroy(selection);
		return error_nomem();
	}
	for (size_t i = 0; i < patched->units.count; i++)
		selection->because[i] = UNIT_NONE;
	select_roots(selection);
	err = select_registry(selection);
	select_tables(selection);
	select_reach(selection);
	select_init(selection);
	if (!err && input->layouts)
		err = select_layouts(selection);
	if (!err && input->layouts)
		err = select_prototypes(selection);
	select_held(selection);
	select_report(selection);
	if (!err && (findings->out_of_memory || findings->arena.failed))
		err = error_nomem();
	if (err) {
		selection_destroy(selection);
		return err;
	}
	*ret = selection;
	return NULL;
}

struct error *selection_types(struct selection *selection)
{
	struct error *err = NULL;

	if (!selection->orig_types)
		err = layouts_read(selection->correlation->orig->object->path,
				   &selection->orig_types);
	if (!err && !selection->patched_types)
		err = layouts_read(selection_model(selection)->object->path,
				   &selection->patched_types);
	return err;
}

void selection_destroy(struct selection *selection)
{
	if (!selection)
		return;
	free(selection->carry);
	free(selection->fates);
	free(selection->because);
	free(selection->pending.items);
	free(selection->held);
	free(selection->checked.items);
	free(selection->applied.items);
	layouts_destroy(selection->orig_types);
	layouts_destroy(selection->patched_types);
	free(selection);
}
