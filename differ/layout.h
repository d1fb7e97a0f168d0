/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the layout of data that lives on change under the functions that touch it? New code and
 * what old code has allocated must agree.
 */
#ifndef DIFFER_LAYOUT_H
#define DIFFER_LAYOUT_H

#include "read-layouts.h"

/* How a structure, union or enum of one name differs. */
struct layout_change {
	uint32_t orig, patched; /* types of the two */
	bool resized;
	bool moved;   /* a member that both have is elsewhere */
	bool added, removed;
	bool retyped; /* a member means something else where it is */
	bool recalled; /* a member points to functions of another prototype */
	bool values;  /* of an enum: a name has another value */
	uint32_t member_grew; /* of patched: the type of a member that is larger than before, or
			       * TYPE_NONE */
};

/* What lives is as it was, but called otherwise. */
static inline bool layout_is_only_recalled(const struct layout_change *change)
{
	return change->recalled && !change->resized && !change->moved && !change->added && !change->removed &&
	       !change->retyped && change->member_grew == TYPE_NONE;
}

struct layout_changes {
	const struct layouts *orig, *patched;
	struct layout_change *items; /* in the order of patched's types */
	size_t count, room;
};

/* layout-compare.c. items are the caller's to free. */
struct error *layout_compare(const struct layouts *orig, const struct layouts *patched,
			     struct layout_changes *ret) must_check;
/* Both are pointers to functions. */
bool types_call(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b);
/* The same type, by what a reader of the memory sees. */
bool types_same(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b);

/* What a function takes and gives; types of layouts. */
struct prototype {
	const struct layouts *layouts;
	uint32_t result;
	const struct type_member *parameters; /* only their types */
	size_t count;
};

struct prototype prototype_of_function(const struct layouts *layouts, const struct type_user *user);
/* Of the functions that a pointer of this type points to. */
struct prototype prototype_of_pointer(const struct layouts *layouts, uint32_t type);
bool prototypes_same(const struct prototype *a, const struct prototype *b);
/* Can b be called as a is? It takes the first of what a takes, and gives the same, or more than nothing. */
bool prototype_suits(const struct prototype *a, const struct prototype *b);

/* A structure's members with those of its anonymous ones among them. */
struct flat_member {
	const char *name; /* NULL: padding, that nothing names */
	uint64_t bit, bits; /* bits: of a bit field, else 0 */
	uint32_t type;
};

struct flat {
	struct flat_member *items;
	size_t count, room;
};

bool layout_flatten(const struct layouts *layouts, uint32_t type, struct flat *ret) must_check;
uint64_t flat_end(const struct layouts *layouts, const struct flat_member *member); /* bits */

/* The constants in a function's code: displacements in memory, and immediates. */
struct code_numbers {
	int64_t *items; /* in order, one of each */
	size_t count, room;
};

bool code_numbers_have(const struct code_numbers *numbers, int64_t number);

/*
 * layout-reach.c: how one version of a function comes to a type: text for people, of the arena, or
 * NULL when it does not. By a variable, parameter or result of its own or of code inlined in it,
 * by what a function that it calls returns, by a global variable, and from there through members:
 * embedded ones, and pointers that the code loads (their offset is among the numbers).
 */
struct reach {
	const struct layouts *layouts;
	const char **paths; /* by type; NULL: not reached */
	bool *fixed;	    /* by type: offsets of its members need not be among the numbers */
	struct arena *arena;
	bool out_of_memory;
};

struct error *reach_create(const struct layouts *layouts, const struct type_user *function,
			   const struct code_numbers *numbers, const char *const *symbols,
			   size_t symbol_count, struct arena *arena, struct reach *ret) must_check;

enum lives {
	LIVES_ELSEWHERE,
	/* Only on the stacks of functions that are all replaced, so that none outlives the transition, ... */
	LIVES_ON_STACKS,
	LIVES_ON_SHARED_STACKS, /* ... but other tasks may come to them in it */
};

/*
 * layout-lives.c: where instances of a type of orig come from, as far as this object shows: text
 * for people, of the arena, or NULL without memory.
 */
struct selection;
const char *layout_lives(const struct selection *selection, const struct layouts *orig,
			 uint32_t type, struct arena *arena, enum lives *where_ret);

/* layout-text.c: both side by side, a line a member; of the arena, or NULL without memory. */
const char *layout_text(const struct layout_changes *changes, const struct layout_change *change,
			struct arena *arena);
/* What the author can do. Static, or of the arena. */
const char *layout_advice(const struct layout_changes *changes, const struct layout_change *change,
			  struct arena *arena);
/* What happened to it, in one phrase. */
const char *layout_what(const struct layout_changes *changes, const struct layout_change *change,
			struct arena *arena);

#endif
