/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths in the header lines of a patch. */
#ifndef KLPKIT_PATCH_PATH_H
#define KLPKIT_PATCH_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

/*
 * text is what follows "--- " or "+++ ": perhaps quoted as git does, perhaps with a time after a
 * tab. *path_ret is malloc'd, without its first component, and checked to stay below the source
 * directory; it is NULL and *null_ret is true for /dev/null. file and line are for messages.
 */
struct error *patch_path_read(const char *file, size_t line, const char *text, size_t size,
			      char **path_ret, bool *null_ret) must_check;
/* The same for a path that has nothing to strip ("rename from x"). */
struct error *patch_path_unquote(const char *file, size_t line, const char *text, size_t size,
				 char **path_ret) must_check;
/* One is the other with a backup's suffix ("x.c.orig"). */
bool patch_path_alike(const char *old_path, const char *new_path);

#endif
