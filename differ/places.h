/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which symbol of the running kernel each symbol of the original object is. */
#ifndef DIFFER_PLACES_H
#define DIFFER_PLACES_H

#include <klpkit/diff.h>

#include "model.h"

enum place_status {
	PLACE_FOUND,
	PLACE_MISSING,	 /* the parent has no symbol of this name and kind */
	PLACE_AMBIGUOUS, /* several, and nothing tells which one */
};

struct places;

/*
 * Several symbols of the parent may share a static one's name. Which is meant is settled by, in
 * this order: the source file that the table names; who else has found it (diff_input.settled); the
 * image's own code, in which the fields of known functions hold the address that is looked for; the
 * neighbours, since what comes from one object is linked side by side.
 */
struct error *places_create(const struct model *orig, const struct diff_input *input,
			    struct places **ret) must_check;
void places_destroy(struct places *places);

/* symbol: of the original object, defined there. *entry_ret: an index in input->parent. */
enum place_status places_find(const struct places *places, uint32_t symbol, uint32_t *entry_ret);

/* The live-patch position of an entry: 0 when its name is unique, else 1, 2, ... */
unsigned int symtab_position(const struct symtab *symtab, uint32_t entry);
/*
 * A module that arrives counts its init symbols too, one that is there no longer: where one of
 * them shares the name, no position holds for both.
 */
bool symtab_position_holds(const struct symtab *symtab, uint32_t entry);
/* A symbol that other objects can bind to, or NULL; *entry_ret is its index. */
const struct symtab_entry *symtab_find_global(const struct symtab *symtab, const char *name,
					      uint32_t *entry_ret);

#endif
