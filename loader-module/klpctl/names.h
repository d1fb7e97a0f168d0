/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments that a subcommand does the same with, one after the other. */
#ifndef KLPCTL_NAMES_H
#define KLPCTL_NAMES_H

#include <klpkit/error.h>

/*
 * Up to the first error; names ends with NULL. That there is nothing to do for one (EXIT_NOTHING) is told on stderr, after
 * "klpctl COMMAND: ", and is the error only when it was so of all.
 */
struct error *for_each_name(const char *command, char **names, struct error *(*fn)(const char *name, void *data),
			    void *data) must_check;

#endif
