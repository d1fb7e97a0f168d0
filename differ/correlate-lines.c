// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Level 4: names that macros make with the line number (__LINE__), which moves when something above changes: constants
 * that are what another one of the same name before the number was. In: what has no twin yet. Out: their twins.
 *
 * Nobody can tell two equal constants apart by what is in them, so that it is sound even if they are two.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

/* The length of a name without its number; 0: it has none. */
static size_t stem_length(const char *name)
{
	size_t length = strlen(name), stem = length;

	while (stem && isdigit((unsigned char)name[stem - 1]))
		stem--;
	return stem < length && !memchr(name, '.', length) ? stem : 0;
}

static bool is_open(const struct model *model, const uint32_t *twins, uint32_t id)
{
	const struct unit *unit = &model->units.items[id];

	return twins[id] == UNIT_NONE && unit->kind == UNIT_DATA && unit->name && stem_length(unit->name) &&
	       model->classes[unit->section] == CLASS_RODATA &&
	       model->object->symbols[unit->symbol].bind == STB_LOCAL;
}

struct open {
	uint32_t *items;
	size_t count, room;
};

static struct error *collect(const struct model *model, const uint32_t *twins, struct open *ret)
{
	for (uint32_t i = 0; i < model->units.count; i++) {
		uint32_t *place;

		if (!is_open(model, twins, i))
			continue;
		place = array_add(ret);
		if (!place)
			return error_nomem();
		*place = i;
	}
	return NULL;
}

/* The one of the stem that is open still, or UNIT_NONE: none, or several. */
static uint32_t find(const struct model *model, const uint32_t *twins, const struct open *open, const char *name)
{
	size_t stem = stem_length(name);
	uint32_t found = UNIT_NONE;

	for (size_t i = 0; i < open->count; i++) {
		const char *other = model->units.items[open->items[i]].name;

		if (twins[open->items[i]] != UNIT_NONE || stem_length(other) != stem || strncmp(name, other, stem))
			continue;
		if (found != UNIT_NONE)
			return UNIT_NONE;
		found = open->items[i];
	}
	return found;
}

/* True when it found its twin. */
static bool pair(struct correlation *correlation, const struct open *orig, const struct open *patched, uint32_t id)
{
	const char *name = correlation->patched->units.items[id].name;
	uint32_t twin;

	if (find(correlation->patched, correlation->of_patched, patched, name) != id)
		return false;
	twin = find(correlation->orig, correlation->of_orig, orig, name);
	if (twin == UNIT_NONE || !units_equal_by_value(correlation, twin, id, 0))
		return false;
	correlation_pair(correlation, twin, id);
	return true;
}

struct error *correlate_lines(struct correlation *correlation)
{
	struct open orig = { 0 }, patched = { 0 };
	struct error *err = collect(correlation->patched, correlation->of_patched, &patched);
	bool more = patched.count;

	if (!err && more)
		err = collect(correlation->orig, correlation->of_orig, &orig);
	/* one may refer to another: until there are no more */
	while (!err && more) {
		more = false;
		for (size_t i = 0; i < patched.count; i++)
			more |= pair(correlation, &orig, &patched, patched.items[i]);
	}
	free(orig.items);
	free(patched.items);
	return err;
}
