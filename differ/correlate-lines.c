// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Level 4: names that macros make with the line number (__LINE__), which moves when something above changes: constants
 * that are what another one of the same name before the number was. In: what has no twin yet. Out: their twins.
 *
 * Nobody can tell two equal constants apart by what is in them, so that it is sound even if they are two.
 */
#include <ctype.h>
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

/* The one of the stem that is open, or UNIT_NONE: none, or several. */
static uint32_t find_open(const struct model *model, const uint32_t *twins, const char *name)
{
	size_t stem = stem_length(name);
	uint32_t found = UNIT_NONE;

	for (uint32_t i = 0; i < model->units.count; i++) {
		const char *other = model->units.items[i].name;

		if (!is_open(model, twins, i) || stem_length(other) != stem || strncmp(name, other, stem))
			continue;
		if (found != UNIT_NONE)
			return UNIT_NONE;
		found = i;
	}
	return found;
}

/* One may refer to another: until there are no more. */
void correlate_lines(struct correlation *correlation)
{
	bool more;

	do {
		more = false;
		for (uint32_t i = 0; i < correlation->patched->units.count; i++) {
			const char *name = correlation->patched->units.items[i].name;
			uint32_t twin;

			if (!is_open(correlation->patched, correlation->of_patched, i) ||
			    find_open(correlation->patched, correlation->of_patched, name) != i)
				continue;
			twin = find_open(correlation->orig, correlation->of_orig, name);
			if (twin == UNIT_NONE || !units_equal_by_value(correlation, twin, i, 0))
				continue;
			correlation_pair(correlation, twin, i);
			more = true;
		}
	} while (more);
}
