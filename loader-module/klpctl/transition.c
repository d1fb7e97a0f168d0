// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "blockers.h"
#include "transition.h"

#define LOOK_NS 3000000

struct error *parse_ms(const char *option, const char *text, unsigned int *ret)
{
	char *end;
	unsigned long value = text ? strtoul(text, &end, 10) : 0;

	if (!text || !isdigit((unsigned char)*text) || *end || !value || value > 86400000)
		return error_create(EXIT_USAGE, "%s wants milliseconds, not '%s'", option, text ? text : "");
	*ret = (unsigned int)value;
	return NULL;
}

struct error *transition_patch(const char *root, const char *name, struct patches *patches_ret,
			       const struct patch **patch_ret)
{
	struct error *err = patches_read(root, patches_ret);

	if (err)
		return err;
	*patch_ret = patches_find(patches_ret, name);
	if (*patch_ret)
		return NULL;
	patches_free(patches_ret);
	return error_create(EXIT_ERROR, "no live patch %s is loaded", name);
}

static struct error *stalled(const char *root, const struct patch *patch, unsigned int timeout_ms)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct error *err;

	if (!out)
		return error_nomem();
	err = blockers_print(root, patch, out);
	if (fclose(out) && !err)
		err = error_nomem();
	if (!err) {
		if (size)
			text[size - 1] = '\0'; /* the last line's end */
		err = error_create(EXIT_REFUSED, "%s has not settled after %u ms: %s", patch->name, timeout_ms,
				   text);
	}
	free(text);
	return err;
}

static unsigned int ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned int)((now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000);
}

struct error *transition_wait(const char *root, const char *name, unsigned int timeout_ms, bool *enabled_ret)
{
	const struct timespec look = { .tv_nsec = LOOK_NS };
	struct error *err = NULL;
	struct timespec start;
	bool over = false;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (!err && !over) {
		const struct patch *patch;
		struct patches patches;

		err = patches_read(root, &patches);
		if (err)
			return err;
		patch = patches_find(&patches, name);
		over = !patch || !patch->transition;
		if (over)
			*enabled_ret = patch && patch->enabled;
		else if (ms_since(&start) > timeout_ms)
			err = stalled(root, patch, timeout_ms);
		patches_free(&patches);
		if (!over && !err)
			nanosleep(&look, NULL);
	}
	return err;
}
