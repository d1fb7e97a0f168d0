/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks that hold a transition up. */
#ifndef KLPCTL_BLOCKERS_H
#define KLPCTL_BLOCKERS_H

#include <stdio.h>

#include "patches.h"

/*
 * Prints how many there are and some of them, a line each: pid, name, and the patched function that it is in, or why
 * else it has not switched; "-" when that is not known. With stacks, each one's below it.
 */
struct error *blockers_print(const char *root, const struct patch *patch, bool stacks, FILE *out) must_check;
/* Their pids, of a patch in transition: all, or what the patch itself tells where debugfs is not mounted; *ret is malloc'd. */
struct error *blockers_pids(const char *root, const struct patch *patch, int **ret,
			    size_t *count_ret) must_check;
/* By a signal or a debugger */
bool blockers_is_stopped(const char *root, int pid);

#endif
