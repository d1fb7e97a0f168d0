// SPDX-License-Identifier: GPL-2.0-or-later
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klpctl.h"
#include "patches.h"

static const char *state_name(const struct patch *patch)
{
	if (patch->transition)
		return patch->enabled ? "enabling" : "disabling";
	return patch->enabled ? "enabled" : "disabled";
}

static void print_table(const struct patches *patches)
{
	int width = 4;

	for (size_t i = 0; i < patches->count; i++)
		if ((int)strlen(patches->items[i].name) > width)
			width = (int)strlen(patches->items[i].name);
	printf("%-*s  %-9s  %-9s  %-9s  FUNCTIONS\n", width, "NAME", "BACKEND", "MODEL", "STATE");
	for (size_t i = 0; i < patches->count; i++) {
		const struct patch *patch = &patches->items[i];

		printf("%-*s  %-9s  %-9s  %-9s ", width, patch->name, backend_name(patch->backend), patch->model,
		       state_name(patch));
		for (size_t n = 0; n < patch->function_count; n++)
			printf(" %s", patch->functions[n]);
		printf("\n");
	}
}

static struct error *print_json(const struct patches *patches)
{
	json_t *array = json_array();
	char *text;

	for (size_t i = 0; i < patches->count; i++) {
		const struct patch *patch = &patches->items[i];
		json_t *functions = json_array();

		for (size_t n = 0; n < patch->function_count; n++)
			json_array_append_new(functions, json_string(patch->functions[n]));
		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", patch->name,
						       "backend", backend_name(patch->backend), "model",
						       patch->model, "state", state_name(patch),
						       "functions", functions));
	}
	text = json_dumps(array, JSON_INDENT(1));
	json_decref(array);
	if (!text)
		return error_nomem();
	printf("%s\n", text);
	free(text);
	return NULL;
}

struct error *cmd_list(int argc, char **argv)
{
	bool json = argc == 2 && !strcmp(argv[1], "--json");
	struct patches patches;
	struct error *err;

	if (argc > 1 && !json)
		return error_create(EXIT_USAGE, "'%s' is not understood", argv[1]);
	err = patches_read(patches_root(), &patches);
	if (err)
		return err;
	if (json)
		err = print_json(&patches);
	else if (patches.count)
		print_table(&patches);
	else
		printf("no live patch is loaded\n");
	patches_free(&patches);
	return err;
}
