// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds each unit's twin.
 * In: the two models. Out: struct correlation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate.h"

static uint32_t *twins_create(size_t count)
{
	uint32_t *twins = malloc((count + 1) * sizeof(*twins));

	if (twins)
		memset(twins, 0xff, (count + 1) * sizeof(*twins));
	return twins;
}

struct error *correlate(const struct model *orig, const struct model *patched,
			struct correlation **ret)
{
	struct correlation *correlation = calloc(1, sizeof(*correlation));
	struct error *err;

	if (!correlation)
		return error_nomem();
	correlation->orig = orig;
	correlation->patched = patched;
	correlation->of_orig = twins_create(orig->units.count);
	correlation->of_patched = twins_create(patched->units.count);
	if (!correlation->of_orig || !correlation->of_patched) {
		err = error_nomem();
		goto fail;
	}
	err = correlate_names(correlation);
	if (!err)
		err = correlate_same_code(correlation);
	if (!err)
		err = correlate_declared(correlation);
	if (!err)
		err = correlate_referrers(correlation);
	if (!err)
		err = correlate_leftovers(correlation);
	if (!err)
		err = correlate_lines(correlation);
	if (err)
		goto fail;
	*ret = correlation;
	return NULL;
fail:
	correlation_destroy(correlation);
	return err;
}

void correlation_destroy(struct correlation *correlation)
{
	if (!correlation)
		return;
	free(correlation->of_orig);
	free(correlation->of_patched);
	declarers_destroy(&correlation->in_orig);
	declarers_destroy(&correlation->in_patched);
	free(correlation);
}

void correlation_pair(struct correlation *correlation, uint32_t orig, uint32_t patched)
{
	correlation->of_orig[orig] = patched;
	correlation->of_patched[patched] = orig;
}

static bool is_name(const char *name, size_t length, const char *whole)
{
	return strlen(whole) == length && !strncmp(name, whole, length);
}

/*
 * Is this piece's name the function's with ".cold" behind it? Of a function with two names (init_module),
 * its own section has the one that the compiler gave the piece.
 */
static bool piece_is_of(const struct model *model, const struct unit *piece,
			const struct unit *function)
{
	static const char prefix[] = ".text.";
	size_t length = piece->name ? name_cold_parent(piece->name) : 0;
	const char *section = unit_section(model, function)->name;

	if (!length || function->kind != UNIT_FUNC || !function->name)
		return false;
	return is_name(piece->name, length, function->name) ||
	       (!strncmp(section, prefix, sizeof(prefix) - 1) &&
		is_name(piece->name, length, section + sizeof(prefix) - 1));
}

/* The only function of this name, and its only piece: what leads to it may be a jump label alone. */
static uint32_t only_cold_piece(const struct model *model, const struct unit *unit)
{
	const uint32_t *functions;
	char name[512];

	if (snprintf(name, sizeof(name), "%s.cold", unit->name) >= (int)sizeof(name) ||
	    model_functions(model, unit->name, strlen(unit->name), &functions) != 1 ||
	    model_functions(model, name, strlen(name), &functions) != 1)
		return UNIT_NONE;
	return functions[0];
}

/* The parent jumps to its piece: found by that, so that two of one name do not mix. */
uint32_t unit_cold_piece(const struct model *model, uint32_t function)
{
	const struct unit *unit = &model->units.items[function];
	uint32_t i;

	if (unit->kind != UNIT_FUNC || !unit->name || name_cold_parent(unit->name))
		return UNIT_NONE;
	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);

		if (ref.unit != UNIT_NONE && ref.flow == FLOW_JUMP &&
		    piece_is_of(model, &model->units.items[ref.unit], unit))
			return ref.unit;
	}
	return only_cold_piece(model, unit);
}

uint32_t unit_cold_owner(const struct model *model, uint32_t piece)
{
	const struct unit *unit = &model->units.items[piece];
	const uint32_t *functions;
	uint32_t i, named = UNIT_NONE;
	size_t count;

	if (unit->kind != UNIT_FUNC || !unit->name || !name_cold_parent(unit->name))
		return UNIT_NONE;
	/* a piece mostly jumps back */
	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);

		if (ref.unit != UNIT_NONE && piece_is_of(model, unit, &model->units.items[ref.unit]))
			return ref.unit;
	}
	count = model_functions(model, unit->name, name_cold_parent(unit->name), &functions);
	for (i = 0; i < count; i++)
		if (named == UNIT_NONE || unit_cold_piece(model, functions[i]) == piece)
			named = functions[i];
	return named;
}
