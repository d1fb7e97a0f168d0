/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks that hold a transition up. */
#ifndef KLPCTL_BLOCKERS_H
#define KLPCTL_BLOCKERS_H

#include <stdio.h>

#include "patches.h"

/*
 * Prints how many there are and some of them, a line each: pid, name, and the patched function or the
 * top of its stack.
 */
struct error *blockers_print(const char *root, const struct patch *patch, FILE *out) must_check;
/* The pids of all that the kernel's own core tells; *ret is malloc'd. */
struct error *blockers_pids(const char *root, const struct patch *patch, int **ret,
			    size_t *count_ret) must_check;

#endif
