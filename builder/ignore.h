/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files of a kernel tree are generated: what its own .gitignore files say
 * (gitignore(5)), and a few rules that hold in every tree, should those files be missing.
 */
#ifndef KLPKIT_IGNORE_H
#define KLPKIT_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

struct ignore; /* the rules of one directory, and of those above it */

/*
 * The rules of the directory at path ("" is the top), whose .gitignore has these bytes (NULL:
 * there is none). Lives as long as text; NULL without memory.
 */
const struct ignore *ignore_create(struct text *text, const struct ignore *parent,
				   const char *path, const char *rules);
/* path is relative to the top, and in the directory of ignore. */
bool ignore_match(const struct ignore *ignore, const char *path, bool is_dir);

/* What is generated wherever it is. */
bool ignore_always(const char *path, bool is_dir);

#endif
