// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells whether a reference means the variable that it points to, or the end of the one before.
 *
 * In a section that the source places by hand, the assembler writes a static variable as the
 * section and an offset: "&table[4]", where a loop ends, is then the address of whatever stands
 * behind table. It is the same address in the running kernel as long as the same variable stands
 * there; a new one is the patch's, somewhere else.
 */
#include "select.h"

/* Bytes. Nothing runs up to the end of what is not larger. */
#define MOST_SCALAR 8

static bool uses_unit(const struct model *model, uint32_t user, uint32_t used)
{
	const struct unit *unit = &model->units.items[user];

	for (uint32_t i = 0; i < unit->reloc_count; i++)
		if (model_ref(model, unit->section, unit->reloc_first + i).unit == used)
			return true;
	return false;
}

/* In the original, is b right behind a? */
static bool were_neighbours(const struct correlation *correlation, uint32_t a, uint32_t b)
{
	const struct unit *units = correlation->orig->units.items;
	uint32_t first = correlation->of_patched[a], second = correlation->of_patched[b];

	return first != UNIT_NONE && second != UNIT_NONE &&
	       units[first].section == units[second].section &&
	       units[first].end == units[second].start;
}

bool ref_is_doubtful(const struct selection *selection, uint32_t user, const struct reloc *reloc,
		     struct ref ref)
{
	const struct model *model = selection_model(selection);
	const struct unit *units = model->units.items;
	uint32_t before;

	if (ref.unit == UNIT_NONE || !ref.unit || units[ref.unit].kind != UNIT_DATA ||
	    model->object->symbols[reloc->symbol].type != STT_SECTION || ref.offset)
		return false;
	before = ref.unit - 1;
	return units[before].section == units[ref.unit].section &&
	       units[before].kind == UNIT_DATA && units[before].end == units[ref.unit].start &&
	       units[before].end - units[before].start > MOST_SCALAR &&
	       unit_fresh(model, &units[before]) == FRESH_NO && /* a pr_debug()'s record */
	       !were_neighbours(selection->correlation, before, ref.unit) &&
	       uses_unit(model, user, before);
}
