// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "klpctl.h"
#include "module.h"

static void print_function(const char *object, const char *name, unsigned int position)
{
	printf("%-18s %s:%s,%u\n", "function", object, name, position);
}

struct error *cmd_info(int argc, char **argv)
{
	static const char *const keys[] = { "name", "description", "vermagic", "klpkit_backend", "klpkit_model", "klpkit_minimum",
					   "klpkit_replaces", "klpkit_built_from", "depends" };
	struct error *err = NULL;

	if (argc != 2)
		return error_create(EXIT_USAGE, "which module?");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) && !err; i++) {
		char *value;

		err = module_info(argv[1], keys[i], &value);
		if (err)
			break;
		if (value && *value)
			printf("%-18s %s\n", keys[i], value);
		free(value);
	}
	return err ?: module_functions(argv[1], print_function);
}
