// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "klpctl.h"
#include "transition.h"

/* Nobody who is not there to read it says yes. */
static bool ask(const char *name)
{
	char answer[16];

	if (!isatty(STDIN_FILENO))
		return false;
	fprintf(stderr,
		"Tasks that are in the middle of a patched function go on there, and in new ones elsewhere;\n"
		"%s can never be removed after that. Force it? (yes/no) ",
		name);
	return fgets(answer, sizeof(answer), stdin) && !strcmp(answer, "yes\n");
}

struct error *cmd_force(int argc, char **argv)
{
	bool yes = argc > 1 && !strcmp(argv[1], "--yes");
	const struct patch *patch;
	struct patches patches;
	struct error *err;
	const char *name;

	if (argc != (yes ? 3 : 2))
		return error_create(EXIT_USAGE, "which patch?");
	name = argv[argc - 1];
	err = transition_patch(patches_root(), name, &patches, &patch);
	if (err)
		return err;
	if (!patch->transition)
		err = error_create(EXIT_NOTHING, "%s is not in transition", name);
	else if (!yes && !ask(name))
		err = error_create(EXIT_ERROR, "%s is not forced: nobody said yes", name);
	else
		err = patch_write(patches_root(), patch, "force", "1");
	if (!err)
		printf("%s: forced\n", name);
	patches_free(&patches);
	return err;
}
