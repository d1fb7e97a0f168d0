/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The undefined symbols of a linked module that the kernel's live-patch core resolves: those named
 * KLPKIT_REF_PREFIX..., and those that kept a plain name and are listed in KLPKIT_SEC_REFS
 * (include/klpkit/format.h).
 */
#ifndef KLPKIT_REF_H
#define KLPKIT_REF_H

#include <stdbool.h>

#include <klpkit/error.h>

#include "ko.h"

struct ref {
	char *owner;  /* the patched object whose arrival is the moment */
	char *object; /* who has the symbol */
	char *name;
	char *position; /* decimal */
};

/* One entry a symbol of the module, NULL where it is not a reference. */
struct error *refs_find(const struct ko *ko, struct ref ***ret) must_check;
/*
 * Does a record of the module name this object? Only then does the glue make it known to the core,
 * and only for an object that it knows does the core resolve anything.
 */
bool refs_object_is_known(const struct ko *ko, const char *object);
void refs_destroy(const struct ko *ko, struct ref **refs);

#endif
