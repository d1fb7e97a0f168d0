// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which of several symbols is meant, by where its neighbours are: what comes from one source file is
 * linked side by side.
 */
#include <stdlib.h>
#include <string.h>

#include "places-state.h"

/* The part of a section's name that the linker keeps together: .text.foo is .text */
static size_t section_base_length(const char *name)
{
	static const char *const bases[] = {
		".text.unlikely", ".text.hot", ".text.startup", ".text.exit", ".text",
		".data.rel.ro",	  ".data.rel", ".data",		".bss",	      ".rodata",
	};
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		size_t length = strlen(bases[i]);

		if (!strncmp(name, bases[i], length) &&
		    (!name[length] || (name[length] == '.' && name[length + 1] != '.')))
			return length;
	}
	return strlen(name);
}

/* A symbol and what its neighbours have in common: the file, and the section's base. */
struct grouped {
	const char *file, *base;
	size_t base_length;
	uint32_t symbol;
};

static int grouped_order(const struct grouped *a, const struct grouped *b)
{
	int order;

	/* the table's strings: one file, one string */
	if (a->file != b->file)
		return (uintptr_t)a->file < (uintptr_t)b->file ? -1 : 1;
	order = memcmp(a->base, b->base,
		       a->base_length < b->base_length ? a->base_length : b->base_length);
	return order ? order : (a->base_length > b->base_length) - (a->base_length < b->base_length);
}

static int grouped_compare(const void *left, const void *right)
{
	return grouped_order(left, right);
}

static bool has_neighbours(const struct object *object, const struct symbol *symbol)
{
	return symbol_is_defined(object, symbol) && *symbol->name && symbol->type != STT_SECTION &&
	       symbol->bind != STB_WEAK;
}

struct error *places_group(struct places *places)
{
	const struct object *object = places->model->object;
	struct grouped *all = calloc(object->symbol_count + 1, sizeof(*all));
	size_t count = 0;
	uint32_t group = 0;

	places->group_of = malloc((object->symbol_count + 1) * sizeof(*places->group_of));
	places->groups = calloc(object->symbol_count + 1, sizeof(*places->groups));
	if (!all || !places->group_of || !places->groups) {
		free(all);
		return error_nomem();
	}
	memset(places->group_of, 0xff, (object->symbol_count + 1) * sizeof(*places->group_of));
	for (uint32_t i = 1; i < object->symbol_count; i++) {
		const struct symbol *symbol = &object->symbols[i];
		const char *name;

		if (!has_neighbours(object, symbol))
			continue;
		name = object->sections[symbol->section].name;
		all[count++] = (struct grouped){ places->files[i], name, section_base_length(name), i };
	}
	if (count)
		qsort(all, count, sizeof(*all), grouped_compare);
	for (size_t i = 0; i < count; i++) {
		if (i && grouped_order(&all[i - 1], &all[i]))
			group++;
		places->group_of[all[i].symbol] = group;
		places->groups[group].slack++;
		places->groups[group].low = UINT32_MAX;
	}
	free(all);
	return NULL;
}

/* The symbol has its place. */
void places_add_neighbour(struct places *places, uint32_t symbol, uint32_t entry)
{
	struct neighbours *group;

	if (places->group_of[symbol] == GROUP_NONE)
		return;
	group = &places->groups[places->group_of[symbol]];
	group->slack--;
	group->low = entry < group->low ? entry : group->low;
	group->high = entry > group->high ? entry : group->high;
	group->section = symtab_at(places->input->parent, entry)->section;
}

/*
 * The one candidate between the first and the last of what this object has in that section, or
 * as close to them as the object has symbols there that are not placed yet.
 */
uint32_t settle_by_neighbours(const struct places *places, uint32_t symbol, const uint32_t *fits,
			      size_t count)
{
	const struct symtab *parent = places->input->parent;
	const struct neighbours *group;
	uint32_t found = ENTRY_AMBIGUOUS, low, high;

	if (places->group_of[symbol] == GROUP_NONE)
		return ENTRY_AMBIGUOUS;
	group = &places->groups[places->group_of[symbol]];
	if (group->low > group->high)
		return ENTRY_AMBIGUOUS;
	low = group->low > group->slack ? group->low - group->slack : 0;
	high = group->high + group->slack;
	for (size_t i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(parent, fits[i]);

		if (fits[i] < low || fits[i] > high || entry->section != group->section)
			continue;
		if (found < ENTRY_AMBIGUOUS)
			return ENTRY_AMBIGUOUS;
		found = fits[i];
	}
	return found;
}
