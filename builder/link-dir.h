/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory in which kbuild makes a patch module. */
#ifndef KLPKIT_LINK_DIR_H
#define KLPKIT_LINK_DIR_H

#include "link.h"

/* Made with all that kbuild needs; *dir_ret is malloc'd, also on failure when it was made. */
struct error *link_dir_create(const struct link_input *in, char **dir_ret) must_check;
/* Takes dir over; it may be NULL. What lies in the work directory stays there to be looked at. */
void link_dir_destroy(const struct link_input *in, char *dir);

/* A file in it. */
struct error *link_dir_put(const char *dir, const char *name, const void *data,
			   size_t size) must_check;

#endif
