/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between two builds of one object, for people: no kernel, and nothing decided. */
#ifndef KLPKIT_CHANGES_H
#define KLPKIT_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

enum change_kind {
	CHANGE_CHANGED,
	CHANGE_NEW,
	CHANGE_GONE,
};

struct change {
	enum change_kind kind;
	bool function; /* else a variable */
	const char *name;
	const char *file;  /* where it is declared, or NULL */
	unsigned int line; /* 0 when unknown */
	const char *why;   /* one phrase */
};

enum change_use {
	CHANGE_CALLS,
	CHANGE_JUMPS,
	CHANGE_REFERS,
	CHANGE_INLINES, /* to: in whose inlined code from begins to differ, by one step */
};

/* Something of the new object, and something that it uses: in the list, or inlined. */
struct change_edge {
	const char *from, *to;
	enum change_use use;
};

struct changes;

/* Reads two relocatable objects. */
struct error *changes_create(const char *orig_path, const char *patched_path,
			     struct changes **ret) must_check;
void changes_destroy(struct changes *changes);
/* In the objects' order; owned by the changes. */
const struct change *changes_list(const struct changes *changes, size_t *count_ret);
const struct change_edge *changes_edges(const struct changes *changes, size_t *count_ret);

const char *change_kind_name(enum change_kind kind);
const char *change_use_name(enum change_use use);

#endif
