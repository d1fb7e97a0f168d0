/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The glue in the directory in which kbuild makes a patch module: as sources, or compiled by an
 * earlier run for the same kernel. Nothing in it depends on the patch but build.c.
 */
#ifndef KLPKIT_LINK_GLUE_H
#define KLPKIT_LINK_GLUE_H

#include "link.h"

struct error *link_glue_put(const struct link_input *in, const char *dir) must_check;
/* Keep what kbuild compiled, for the next run; what fails here costs time only. */
void link_glue_keep(const struct link_input *in, const char *dir);

#endif
