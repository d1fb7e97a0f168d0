/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that patched objects are part of: their symbols, their build-ids. */
#ifndef KLPKIT_PARENTS_H
#define KLPKIT_PARENTS_H

#include "build.h"

/* Opens those of all planned objects, each once. */
struct error *parents_open(struct build *build) must_check;
void parents_release(struct build_parents *parents);
/* The one of an object; NULL for what is built in. */
const struct parent *build_parent(const struct build *build, const struct unit *unit);

#endif
