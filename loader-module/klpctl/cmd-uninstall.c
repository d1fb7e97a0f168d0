// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "klpctl.h"
#include "patches.h"
#include "store.h"

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
	if (argc < 2 || strchr(argv[1], '/'))
		return error_create(EXIT_USAGE, "which patch?");
	err = store_open(patches_root(), release, &store);
	if (err)
		return err;
	for (int i = 1; i < argc && !err; i++) {
		err = store_drop(&store, argv[i]);
		if (!err)
			printf("%s: not installed for %s any more\n", argv[i], store.release);
	}
	store_close(&store);
	return err;
}
