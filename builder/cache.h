/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where downloads and prepared kernels are kept: $XDG_CACHE_HOME/klpkit. */
#ifndef KLPKIT_CACHE_H
#define KLPKIT_CACHE_H

#include <stdbool.h>

#include <klpkit/error.h>
#include "text.h"

/* The directory, which exists then. It may have spaces in its path. */
struct error *cache_directory(struct text *text, const char **ret) must_check;
/*
 * The same, or, when kbuild could not work in a path like that, a directory of ours in the
 * place for temporary files that lasts.
 */
struct error *cache_build_directory(struct text *text, const char **ret) must_check;

#endif
