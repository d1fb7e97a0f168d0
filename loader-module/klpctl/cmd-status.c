// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "blockers.h"
#include "klpctl.h"
#include "patches.h"

#define LOOK_NS 100000000

static struct error *print_patch(const struct patch *patch, FILE *out)
{
	fprintf(out, "%s: %s%s\n", patch->name, patch->transition ? "on the way to be " : "",
		patch->enabled ? "enabled" : "disabled");
	return patch->transition ? blockers_print(patches_root(), patch, false, out) : NULL;
}

/* Of the patch of that name, or of all when it is NULL. *moving_ret: one is in transition. */
static struct error *print_status(const char *name, FILE *out, bool *moving_ret)
{
	struct patches patches;
	struct error *err = patches_read(patches_root(), &patches);

	*moving_ret = false;
	if (err)
		return err;
	if (name && !patches_find(&patches, name))
		err = error_create(EXIT_ERROR, "no live patch %s is loaded", name);
	for (size_t i = 0; !err && i < patches.count; i++) {
		const struct patch *patch = &patches.items[i];

		if (name && strcmp(patch->name, name))
			continue;
		*moving_ret |= patch->transition;
		err = print_patch(patch, out);
	}
	patches_free(&patches);
	return err;
}

/* Written at once over what was there before, so that it does not flicker. *lines is how much that was. */
static struct error *show(const char *name, unsigned int *lines, bool *moving_ret)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct error *err;

	if (!out)
		return error_nomem();
	err = print_status(name, out, moving_ret);
	if (fclose(out) && !err)
		err = error_nomem();
	if (!err) {
		if (*lines)
			printf("\033[%uA\033[J", *lines);
		fputs(text, stdout);
		fflush(stdout);
		*lines = 0;
		for (const char *at = text; (at = strchr(at, '\n')); at++)
			++*lines;
	}
	free(text);
	return err;
}

struct error *cmd_status(int argc, char **argv)
{
	const struct timespec look = { .tv_nsec = LOOK_NS };
	const char *name = argc > 1 ? argv[1] : NULL;
	bool live = isatty(STDOUT_FILENO), moving;
	unsigned int lines = 0;
	struct error *err;

	if (argc > 2)
		return error_create(EXIT_USAGE, "one patch at a time");
	do {
		err = show(name, &lines, &moving);
		if (!err && moving && live)
			nanosleep(&look, NULL);
	} while (!err && moving && live);
	return err;
}
