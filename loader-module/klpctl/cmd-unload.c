// SPDX-License-Identifier: GPL-2.0-or-later
/* Disabled, if it is not; and when nobody is in it any more, its module is removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "klpctl.h"
#include "names.h"
#include "transition.h"

/* The kernel's own core drops its last reference a moment after the end of the transition. */
#define REMOVE_TRIES 500

static struct error *remove_module(const char *name)
{
	const struct timespec moment = { .tv_nsec = 4000000 };

	for (int tries = REMOVE_TRIES; tries--;) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			return NULL;
		if (errno != EAGAIN && errno != EBUSY && errno != EWOULDBLOCK)
			break;
		nanosleep(&moment, NULL);
	}
	if (errno == EWOULDBLOCK || errno == EBUSY)
		return error_create(EXIT_REFUSED, "%s is disabled, and its module is still in use: a permanent or "
						  "forced patch stays",
				    name);
	return error_errno(errno, "cannot remove %s", name);
}

/* Until nobody is in it. */
static struct error *wait_disabled(const char *name)
{
	struct outcome outcome;
	struct error *err = transition_wait(patches_root(), name, 0, &outcome);

	if (err)
		return err;
	if (outcome.enabled)
		err = error_create(EXIT_REFUSED, "%s could not be left in time and is enabled again: %s", name,
				   outcome.blockers ? outcome.blockers : "the kernel's log names what blocked it");
	outcome_free(&outcome);
	return err;
}

static struct error *unload(const char *name, void *unused)
{
	const struct patch *patch;
	struct patches patches;
	struct error *err;

	err = transition_patch(patches_root(), name, &patches, &patch);
	if (err)
		return err;
	if (patch->enabled)
		err = patch_write(patches_root(), patch, "enabled", "0");
	patches_free(&patches);
	if (!err)
		err = wait_disabled(name);
	err = err ?: remove_module(name);
	if (!err)
		printf("%s: unloaded\n", name);
	return err;
}

struct error *cmd_unload(int argc, char **argv)
{
	if (argc < 2)
		return error_create(EXIT_USAGE, "which patch?");
	return for_each_name("unload", argv + 1, unload, NULL);
}
