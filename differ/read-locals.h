/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLPKIT_READ_LOCALS_H
#define KLPKIT_READ_LOCALS_H

#include "arena.h"
#include "read-object.h"

/* A variable that a function declares as static. */
struct local {
	uint32_t section; /* of the object */
	uint64_t offset;  /* in it */
	const char *function;
};

struct locals {
	struct arena arena;
	struct local *items; /* owned, as are the names */
	size_t count, room;
};

/* Without debug information, or with such as cannot be read: none. */
struct error *locals_read(const struct object *object, struct locals *ret) must_check;
void locals_destroy(struct locals *locals);

#endif
