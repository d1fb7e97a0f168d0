// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "blockers.h"
#include "transition.h"

#define LOOK_NS 3000000
/* By then it should be over, when nobody says anything else */
#define TIMEOUT_MS 120000
/* To be reversed and end, for one that has not ended by its deadline */
#define AFTER_DEADLINE_MS 60000
/* Until it is looked who holds it up, which most never need; and between two such looks */
#define FIRST_NOTE_MS 20
#define NOTE_MS 200

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

/* Who holds it up, each with its stack. *ret is malloc'd. */
static struct error *note_blockers(const char *root, const struct patch *patch, char **ret)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct error *err;

	if (!out)
		return error_nomem();
	err = blockers_print(root, patch, true, out);
	if (fclose(out) && !err)
		err = error_nomem();
	if (err) {
		free(text);
		return err;
	}
	if (size)
		text[size - 1] = '\0'; /* the last line's end */
	*ret = text;
	return NULL;
}

static struct error *stalled(const char *root, const struct patch *patch, unsigned int timeout_ms)
{
	char *text;
	struct error *err = note_blockers(root, patch, &text);

	if (err)
		return err;
	err = error_create(EXIT_REFUSED, "%s has not settled after %u ms: %s", patch->name, timeout_ms, text);
	free(text);
	return err;
}

static unsigned int ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned int)((now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000);
}

static unsigned int default_timeout(const char *root, const struct patch *patch)
{
	unsigned int deadline = 0;
	struct error *err;
	char *text;

	if (patch->backend != BACKEND_LOADER)
		return TIMEOUT_MS;
	err = patch_read(root, patch, "deadline_ms", &text);
	if (err) {
		/* it may have gone meanwhile */
		error_destroy(err);
		return TIMEOUT_MS;
	}
	deadline = (unsigned int)strtoul(text, NULL, 10);
	free(text);
	return deadline + AFTER_DEADLINE_MS > TIMEOUT_MS ? deadline + AFTER_DEADLINE_MS : TIMEOUT_MS;
}

struct wait {
	const char *root, *name;
	struct timespec start;
	unsigned int timeout_ms, note_at_ms;
	bool to; /* where it goes, before anybody reverses it */
	bool begun, over;
};

/* The kernel's own core has no such file. */
static int failure_of(const char *root, const struct patch *patch)
{
	struct error *err;
	char *text;
	int failed;

	err = patch_read(root, patch, "error", &text);
	if (err) {
		error_destroy(err);
		return 0;
	}
	failed = atoi(text);
	free(text);
	return failed;
}

/* One look. */
static struct error *look(struct wait *wait, const struct patch *patch, struct outcome *outcome)
{
	unsigned int ms = ms_since(&wait->start);
	char *text;
	struct error *err;

	wait->over = !patch || !patch->transition;
	if (wait->over) {
		outcome->enabled = patch && patch->enabled;
		outcome->reversed = wait->begun && outcome->enabled != wait->to;
		outcome->failed = patch ? failure_of(wait->root, patch) : 0;
		return NULL;
	}
	if (!wait->begun) {
		wait->begun = true;
		wait->to = patch->enabled;
		wait->timeout_ms = wait->timeout_ms ? wait->timeout_ms : default_timeout(wait->root, patch);
	}
	if (ms > wait->timeout_ms)
		return stalled(wait->root, patch, wait->timeout_ms);
	if (patch->enabled != wait->to || ms < wait->note_at_ms)
		return NULL;
	wait->note_at_ms = ms + NOTE_MS;
	err = note_blockers(wait->root, patch, &text);
	if (err) {
		/* over, and perhaps gone, meanwhile */
		error_destroy(err);
		return NULL;
	}
	free(outcome->blockers);
	outcome->blockers = text;
	return NULL;
}

struct error *transition_wait(const char *root, const char *name, unsigned int timeout_ms, struct outcome *ret)
{
	const struct timespec pause = { .tv_nsec = LOOK_NS };
	struct wait wait = { .root = root, .name = name, .timeout_ms = timeout_ms, .note_at_ms = FIRST_NOTE_MS };
	struct outcome outcome = { 0 };
	struct error *err = NULL;

	clock_gettime(CLOCK_MONOTONIC, &wait.start);
	while (!err && !wait.over) {
		struct patches patches;

		err = patches_read(root, &patches);
		if (err)
			break;
		err = look(&wait, patches_find(&patches, name), &outcome);
		patches_free(&patches);
		if (!wait.over && !err)
			nanosleep(&pause, NULL);
	}
	if (err)
		outcome_free(&outcome);
	else
		*ret = outcome;
	return err;
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->blockers);
	*outcome = (struct outcome){ 0 };
}
