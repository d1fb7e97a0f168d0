/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What places*.c know while they settle symbols, and the ways that they have. */
#ifndef DIFFER_PLACES_STATE_H
#define DIFFER_PLACES_STATE_H

#include "places.h"

#define ENTRY_MISSING UINT32_MAX
#define ENTRY_AMBIGUOUS (UINT32_MAX - 1)

/* A field of a unit that refers to another one. */
struct user {
	uint32_t target, unit, reloc; /* reloc: of the unit's section */
};

/*
 * What comes from one source file and is linked side by side: how far it reaches in the parent, and
 * how many symbols of it are not placed yet.
 */
struct neighbours {
	uint32_t low, high, section, slack;
};

struct places {
	const struct model *model;
	const struct diff_input *input;
	uint32_t *entries;   /* by symbol */
	const char **files;  /* by symbol: the source file that it is of, or NULL */
	uint32_t *group_of;  /* by symbol: in groups[], or GROUP_NONE */
	struct neighbours *groups;
	struct {
		struct user *items; /* by target: fields that refer to what is ambiguous */
		size_t count, room;
	} users;
};

#define GROUP_NONE UINT32_MAX

/* Where a symbol's address would be, if the entry is the symbol. */
static inline bool places_known(const struct places *places, uint32_t symbol)
{
	return places->entries[symbol] < ENTRY_AMBIGUOUS;
}

/*
 * Each way takes what an ambiguous symbol could be, entries of the parent, and gives the one that it
 * is, or ENTRY_AMBIGUOUS.
 */

/* places-code.c: by the image's code. Users are collected once, of what is ambiguous then. */
struct error *places_collect_users(struct places *places) must_check;
uint32_t settle_by_users(const struct places *places, uint32_t unit, const uint32_t *fits,
			 size_t count);
uint32_t settle_by_contents(const struct places *places, uint32_t unit, const uint32_t *fits,
			    size_t count);

/* places-near.c: by what else is linked beside it; each that is placed is added. */
struct error *places_group(struct places *places) must_check;
void places_add_neighbour(struct places *places, uint32_t symbol, uint32_t entry);
uint32_t settle_by_neighbours(const struct places *places, uint32_t symbol, const uint32_t *fits,
			      size_t count);

#endif
