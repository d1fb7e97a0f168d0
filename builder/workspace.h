/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory in which one build at a time compiles for one kernel: tree/ is the farm (farm.h),
 * state/ what is known of it, scratch/ is of one build. There are as many as builds have run at
 * once. A workspace is held by a lock on a file, which also those that we start hold: what a
 * killed build has left running is waited out, not worked against.
 */
#ifndef KLPKIT_WORKSPACE_H
#define KLPKIT_WORKSPACE_H

#include "build.h"

/* Takes a free one, or makes one; its scratch is empty then. */
struct error *workspace_take(struct build *build) must_check;
/* Empties the scratch and lets go. Legal when nothing was taken. */
void workspace_release(struct build *build);

/* Makes all that was built go away; of the tree, at most the links to the sources stay. */
struct error *workspace_reset(struct build *build) must_check;

#endif
