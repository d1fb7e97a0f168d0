// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "klpctl.h"
#include "names.h"
#include "patches.h"
#include "store.h"

static struct error *drop(const char *name, void *data)
{
	const struct store *store = data;
	struct error *err = store_drop(store, name);

	if (!err)
		printf("%s: not installed for %s any more\n", name, store->release);
	return err;
}

struct error *cmd_uninstall(int argc, char **argv)
{
	const char *release = NULL;
	struct store store;
	struct error *err;

	if (argc > 2 && !strcmp(argv[1], "--kernel")) {
		release = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 2)
		return error_create(EXIT_USAGE, "which patch?");
	for (int i = 1; i < argc; i++)
		if (strchr(argv[i], '/'))
			return error_create(EXIT_USAGE, "'%s' is a path: it goes by the patch's name", argv[i]);
	err = store_open(patches_root(), release, &store);
	if (err)
		return err;
	err = for_each_name("uninstall", argv + 1, drop, &store);
	store_close(&store);
	return err;
}
