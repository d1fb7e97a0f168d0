/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of klpctl. Each takes its arguments from argv[1] on and returns what the program
 * exits with is decided by: NULL, or an error.
 */
#ifndef KLPCTL_H
#define KLPCTL_H

#include <klpkit/error.h>

struct command {
	const char *name;
	const char *arguments; /* for the usage */
	const char *about;
	struct error *(*run)(int argc, char **argv);
};

struct error *cmd_list(int argc, char **argv) must_check;
struct error *cmd_load(int argc, char **argv) must_check;
struct error *cmd_unload(int argc, char **argv) must_check;
struct error *cmd_status(int argc, char **argv) must_check;
struct error *cmd_wait(int argc, char **argv) must_check;
struct error *cmd_signal(int argc, char **argv) must_check;
struct error *cmd_force(int argc, char **argv) must_check;
struct error *cmd_install(int argc, char **argv) must_check;
struct error *cmd_uninstall(int argc, char **argv) must_check;
struct error *cmd_info(int argc, char **argv) must_check;

#endif
