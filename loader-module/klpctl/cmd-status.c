// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "blockers.h"
#include "klpctl.h"
#include "patches.h"

static struct error *print_status(const struct patch *patch)
{
	printf("%s: %s%s\n", patch->name, patch->transition ? "on the way to be " : "",
	       patch->enabled ? "enabled" : "disabled");
	return patch->transition ? blockers_print(patches_root(), patch, stdout) : NULL;
}

struct error *cmd_status(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	struct patches patches;
	struct error *err;

	if (argc > 2)
		return error_create(EXIT_USAGE, "one patch at a time");
	err = patches_read(patches_root(), &patches);
	if (err)
		return err;
	if (name && !patches_find(&patches, name))
		err = error_create(EXIT_ERROR, "no live patch %s is loaded", name);
	else if (name)
		err = print_status(patches_find(&patches, name));
	for (size_t i = 0; !name && !err && i < patches.count; i++)
		err = print_status(&patches.items[i]);
	patches_free(&patches);
	return err;
}
