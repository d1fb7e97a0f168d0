// SPDX-License-Identifier: GPL-2.0-or-later
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klpctl.h"
#include "live-states.h"
#include "patches.h"
#include "store.h"
#include "winners.h"

static const char *state_name(const struct patch *patch)
{
	if (patch->transition)
		return patch->enabled ? "enabling" : "disabling";
	return patch->enabled ? "enabled" : "disabled";
}

/* What of a function cannot be told from the state of its patch */
static const char *remark(const struct function *function)
{
	static const char *const worth[] = { "hidden", "handler", "absent", "left out" };

	for (size_t i = 0; function->state && i < sizeof(worth) / sizeof(*worth); i++)
		if (!strcmp(function->state, worth[i]))
			return worth[i];
	return NULL;
}

static void print_patch(const struct patch *patch, int width)
{
	printf("%-*s  %-9s  %-9s  %-9s ", width, patch->name, backend_name(patch->backend), patch->model,
	       state_name(patch));
	for (size_t i = 0; i < patch->function_count; i++) {
		const struct function *function = &patch->functions[i];
		const char *text = remark(function);

		printf(" %s:%s", function->object, function->name);
		if (text && function->winner)
			printf("(%s by %s)", text, function->winner);
		else if (text)
			printf("(%s)", text);
	}
	printf("\n");
}

static bool is_loaded(const struct patches *patches, const char *name)
{
	return patches_find(patches, name) != NULL;
}

static void print_table(const struct patches *patches, char **installed, size_t count)
{
	int width = 4;

	for (size_t i = 0; i < patches->count; i++)
		if ((int)strlen(patches->items[i].name) > width)
			width = (int)strlen(patches->items[i].name);
	for (size_t i = 0; i < count; i++)
		if ((int)strlen(installed[i]) > width)
			width = (int)strlen(installed[i]);
	printf("%-*s  %-9s  %-9s  %-9s  FUNCTIONS\n", width, "NAME", "BACKEND", "MODEL", "STATE");
	for (size_t i = 0; i < patches->count; i++)
		print_patch(&patches->items[i], width);
	for (size_t i = 0; i < count; i++)
		if (!is_loaded(patches, installed[i]))
			printf("%-*s  %-9s  %-9s  installed\n", width, installed[i], "-", "-");
}

static json_t *json_of_patch(const struct patch *patch)
{
	json_t *functions = json_array();

	for (size_t i = 0; i < patch->function_count; i++) {
		const struct function *function = &patch->functions[i];

		json_array_append_new(functions, json_pack("{s:s, s:s, s:s?, s:s*}", "object", function->object, "function",
							   function->name, "state", function->state, "winner",
							   function->winner));
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", patch->name, "backend", backend_name(patch->backend),
			 "model", patch->model, "state", state_name(patch), "functions", functions);
}

static struct error *print_json(const struct patches *patches, char **installed, size_t count)
{
	json_t *array = json_array();
	char *text;

	for (size_t i = 0; i < patches->count; i++)
		json_array_append_new(array, json_of_patch(&patches->items[i]));
	for (size_t i = 0; i < count; i++)
		if (!is_loaded(patches, installed[i]))
			json_array_append_new(array, json_pack("{s:s, s:s}", "name", installed[i], "state", "installed"));
	text = json_dumps(array, JSON_INDENT(1));
	json_decref(array);
	if (!text)
		return error_nomem();
	printf("%s\n", text);
	free(text);
	return NULL;
}

static struct error *print_all(const struct patches *patches, bool json)
{
	struct error *err;
	struct store store;
	char **installed;
	size_t count;

	err = store_open(patches_root(), NULL, &store);
	if (err)
		return err;
	err = store_list(&store, &installed, &count);
	store_close(&store);
	if (err)
		return err;
	if (json)
		err = print_json(patches, installed, count);
	else if (patches->count || count)
		print_table(patches, installed, count);
	else
		printf("no live patch is loaded\n");
	store_list_free(installed, count);
	return err;
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
	err = live_states_read(patches_root(), &patches);
	winners_find(&patches);
	if (!err)
		err = print_all(&patches, json);
	patches_free(&patches);
	return err;
}
