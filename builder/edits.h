/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The patched files in the workspace's tree, in place of the links to the user's. A journal is
 * written before, so that a build that was killed is undone by the next one.
 */
#ifndef KLPKIT_EDITS_H
#define KLPKIT_EDITS_H

#include "build.h"

/* The objects that will be compiled from the patched files; undoing removes them. */
struct error *edits_apply(struct build *build, const struct list *objects) must_check;
/*
 * The same for objects that are compiled of the user's sources: should we be killed, a half
 * written one must not be taken for a whole one. Done: forget it.
 */
struct error *edits_making(struct build *build, const struct list *objects) must_check;
struct error *edits_made(struct build *build) must_check;
/* Legal when there is nothing to undo. The farm's list must have been loaded. */
struct error *edits_undo(struct build *build) must_check;

#endif
