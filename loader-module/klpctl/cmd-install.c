// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klpctl.h"
#include "module.h"
#include "patches.h"
#include "store.h"

/* The kernel's release is the first word of what the module was built for. */
static struct error *install(const char *file)
{
	char *name = NULL, *kernel = NULL;
	struct store store;
	struct error *err = module_info(file, "name", &name);
	bool is_patch = false;

	if (!err)
		err = module_info(file, "vermagic", &kernel);
	if (!err && (!name || !kernel || strchr(name, '/')))
		err = error_create(EXIT_ERROR, "%s does not say its name and which kernel it is for", file);
	if (!err)
		err = module_is_patch(file, &is_patch);
	if (!err && !is_patch && strcmp(name, STORE_LOADER))
		err = error_create(EXIT_ERROR, "%s is neither a live patch nor klp_loader", file);
	if (!err) {
		kernel[strcspn(kernel, " ")] = '\0';
		err = store_open(patches_root(), kernel, &store);
	}
	if (!err) {
		err = store_put(&store, name, file);
		if (!err)
			printf("%s: installed for %s\n", name, store.release);
		store_close(&store);
	}
	free(name);
	free(kernel);
	return err;
}

struct error *cmd_install(int argc, char **argv)
{
	struct error *err = NULL;

	if (argc < 2)
		return error_create(EXIT_USAGE, "which module?");
	for (int i = 1; i < argc && !err; i++)
		err = install(argv[i]);
	return err;
}
