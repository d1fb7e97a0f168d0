/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the step that finds the objects; step-plan.c calls them in this order. */
#ifndef KLPKIT_PLAN_H
#define KLPKIT_PLAN_H

#include "build.h"

/* An object that is not planned yet. before or after: NULL when it is not built then. */
struct error *plan_add(struct build *build, const char *source, const struct owner *before,
		       const struct owner *after, bool touched) must_check;
bool plan_has(const struct build *build, const char *source);

/* "mm/mlock.o" of "mm/mlock.c" */
const char *plan_object(struct build *build, const char *source);

/*
 * With patched makefiles or new sources: asks kbuild again with the patches applied, plans what
 * is built only then, and refuses what a live patch cannot follow.
 */
struct error *plan_makefiles(struct build *build) must_check;

/* Plans the objects that see a change of these files, which others include. */
struct error *plan_headers(struct build *build, const struct list *headers) must_check;

/* A hash of the tokens of a preprocessed file that can make code: no lines, blanks, unused inlines.
 */
struct error *plan_tokens(const char *path, uint64_t *ret) must_check;

#endif
