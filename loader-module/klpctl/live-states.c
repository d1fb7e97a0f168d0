// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live-states.h"

/* Where it is among the modules, 1 for the last one; 0: it is not. */
static size_t rank_of(FILE *modules, const char *name)
{
	size_t length = strlen(name), room = 0, rank = 0;
	char *line = NULL;
	bool found = false;

	rewind(modules);
	while (!found && getline(&line, &room, modules) > 0) {
		rank++;
		found = !strncmp(line, name, length) && line[length] == ' ';
	}
	free(line);
	return found ? rank : 0;
}

static bool is_absent(const char *root, const struct patch *patch, const struct function *function)
{
	char *path;
	bool absent;

	if (!patch->enabled || patch->transition || asprintf(&path, "%s/patched", function->object) < 0)
		return false;
	/* kernels before 6.1 have no such file */
	absent = patch_flag_is(root, patch, path, '0');
	free(path);
	return absent;
}

static bool has_function(const struct patch *patch, const struct function *function)
{
	for (size_t i = 0; i < patch->function_count; i++)
		if (!strcmp(patch->functions[i].object, function->object) &&
		    !strcmp(patch->functions[i].name, function->name))
			return true;
	return false;
}

/* By one to which all have switched */
static bool is_hidden(const struct patches *patches, const size_t *ranks, const struct patch *patch,
		      const struct function *function)
{
	size_t rank = ranks[patch - patches->items];

	for (size_t i = 0; i < patches->count; i++) {
		const struct patch *other = &patches->items[i];

		if (other->backend == BACKEND_LIVEPATCH && other->enabled && !other->transition && ranks[i] &&
		    ranks[i] < rank && has_function(other, function))
			return true;
	}
	return false;
}

static struct error *set_state(struct function *function, const char *state)
{
	free(function->state);
	function->state = strdup(state);
	return function->state ? NULL : error_nomem();
}

static struct error *set_states(const char *root, const struct patches *patches, const size_t *ranks,
				struct patch *patch)
{
	struct error *err = NULL;

	for (size_t i = 0; i < patch->function_count && !err; i++) {
		struct function *function = &patch->functions[i];

		if (is_absent(root, patch, function))
			err = set_state(function, "absent");
		else if (is_hidden(patches, ranks, patch, function))
			err = set_state(function, "hidden");
	}
	return err;
}

struct error *live_states_read(const char *root, struct patches *patches)
{
	struct error *err = NULL;
	size_t *ranks;
	FILE *modules;
	char *path;

	if (asprintf(&path, "%s/proc/modules", root) < 0)
		return error_nomem();
	modules = fopen(path, "re");
	ranks = calloc(patches->count + 1, sizeof(*ranks));
	if (!ranks)
		err = error_nomem();
	else if (!modules)
		err = error_errno(errno, "cannot read %s", path);
	for (size_t i = 0; i < patches->count && !err; i++)
		ranks[i] = rank_of(modules, patches->items[i].name);
	for (size_t i = 0; i < patches->count && !err; i++)
		if (patches->items[i].backend == BACKEND_LIVEPATCH)
			err = set_states(root, patches, ranks, &patches->items[i]);
	if (modules)
		fclose(modules);
	free(ranks);
	free(path);
	return err;
}
