/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables that were read before are kept in $XDG_CACHE_HOME/klpkit/tables. A file is known by its
 * path, device, number, size and time of change. Trouble with the cache only costs time.
 */
#ifndef DIFFER_READ_CACHED_H
#define DIFFER_READ_CACHED_H

#include "frozen-file.h"

/* Where the frozen form of a file would be: malloc'd, the caller's. NULL: not worth it, or no place. */
char *cache_path_of(const char *path);
/* Makes the directory, too. */
void cache_keep_file(const char *cached, enum frozen_kind kind, const struct frozen_file *file);
void cache_make_directory(const char *cached);

#endif
