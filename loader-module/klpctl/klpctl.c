// SPDX-License-Identifier: GPL-2.0-or-later
/* klpctl: the live patches of the running kernel, by the bundled loader and by the kernel's own core. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klpctl.h"

static const struct command commands[] = {
	{ "list", "[--json]", "what is loaded, by whom, its state, and what it patches", cmd_list },
	{ "load", "[OPTION...] FILE.ko...|--all", "load patches, and wait until all have switched", cmd_load },
	{ "unload", "NAME...", "disable patches, wait, and remove their modules", cmd_unload },
	{ "status", "[NAME]", "how a transition gets on, and what holds it up", cmd_status },
	{ "wait", "[--timeout MS] NAME", "wait for the end of its transition", cmd_wait },
	{ "signal", "NAME", "wake those that hold it up", cmd_signal },
	{ "force", "[--yes] NAME", "end it whatever tasks are in; its module stays for good", cmd_force },
	{ "install", "FILE.ko...", "keep modules, to be loaded when their kernel starts", cmd_install },
	{ "uninstall", "[--kernel RELEASE] NAME...", "keep them no longer", cmd_uninstall },
	{ "info", "FILE.ko", "what is in a module, for which kernel", cmd_info },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static void print_usage(FILE *out)
{
	fprintf(out, "Usage: klpctl COMMAND [ARGUMENT...]\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-9s %-29s %s\n", commands[i].name, commands[i].arguments, commands[i].about);
	fprintf(out, "\nOptions of load: --deadline MS, --model MODEL, --check (who could switch now; nothing is loaded).\n");
	fprintf(out, "\nExit codes: 0 done, 1 error, 2 it did not switch in time or cannot go, 3 nothing to do, 64 wrong usage.\n");
}

static int run(const struct command *command, int argc, char **argv)
{
	struct error *err = command->run(argc, argv);
	int status;

	if (fflush(stdout) || ferror(stdout)) {
		error_destroy(err);
		err = error_errno(errno, "cannot write");
	}
	if (!err)
		return EXIT_DONE;
	fprintf(stderr, "klpctl %s: %s\n", command->name, err->message);
	if (err->exit == EXIT_USAGE)
		fprintf(stderr, "Usage: klpctl %s %s\n", command->name, command->arguments);
	status = err->exit;
	error_destroy(err);
	return status;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		print_usage(stdout);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(commands[i].name, name))
			return run(&commands[i], argc - 1, argv + 1);
	if (*name)
		fprintf(stderr, "klpctl: there is no command '%s'\n", name);
	print_usage(stderr);
	return EXIT_USAGE;
}
