/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other programs, started without a shell. argv is NULL-terminated; argv[0] is looked up in PATH.
 * A program that is started dies with us, also when we are killed. Safe from several threads.
 */
#ifndef KLPKIT_RUN_H
#define KLPKIT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

/* All zero is a good default. */
struct run_options {
	const char *cwd;	/* where it runs; NULL: where we are */
	const char *const *env; /* "NAME=VALUE" sets, "NAME" removes; NULL-terminated, or NULL */
	const char *log;	/* stdout and stderr are appended here, below a line with the
				 * command; NULL: kept in memory, for the error message only */
	const char *input;	/* a file for its stdin; NULL: /dev/null */
};

/*
 * A program that cannot be started, is killed or returns other than 0 is an EXIT_ERROR whose
 * message has the lines of its output that matter and the place of the log.
 */
struct error *run_command(char *const argv[], const struct run_options *options) must_check;

/*
 * The same, but any exit code is a success and is stored. Output (when wanted, else NULL) is what
 * it wrote to stdout and stderr together: malloc'd, NUL-terminated, the caller's.
 */
struct error *run_status(char *const argv[], const struct run_options *options, int *status_ret,
			 char **output_ret) must_check;

/* run_command() that hands back stdout and stderr together: malloc'd, the caller's. */
struct error *run_output(char *const argv[], const struct run_options *options,
			 char **output_ret) must_check;

/*
 * run_command() that hands back stdout: malloc'd, NUL-terminated beyond *size_ret, the caller's.
 * size_ret may be NULL. Only stderr goes to the log.
 */
struct error *run_capture(char *const argv[], const struct run_options *options, char **stdout_ret,
			  size_t *size_ret) must_check;

/*
 * What matters in the output of a failed command: its first error lines, or its last lines when
 * none looks like one. malloc'd, each line indented by two and ended; NULL when short of memory.
 */
char *run_excerpt(const char *output);

#endif
