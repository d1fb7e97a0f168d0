// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader wakes those that hold a transition up by itself, and the kernel's own core does so every 15
 * seconds; for that one a harmless stop and go on does it at once, as its documentation recommends.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "blockers.h"
#include "klpctl.h"
#include "transition.h"

static struct error *wake_all(const struct patch *patch)
{
	struct error *err;
	size_t count;
	int *pids;

	err = blockers_pids(patches_root(), patch, &pids, &count);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		if (!kill(pids[i], SIGSTOP))
			kill(pids[i], SIGCONT);
	printf("%s: %zu tasks woken\n", patch->name, count);
	free(pids);
	return NULL;
}

struct error *cmd_signal(int argc, char **argv)
{
	const struct patch *patch;
	struct patches patches;
	struct error *err;

	if (argc != 2)
		return error_create(EXIT_USAGE, "which patch?");
	err = transition_patch(patches_root(), argv[1], &patches, &patch);
	if (err)
		return err;
	if (!patch->transition)
		err = error_create(EXIT_NOTHING, "%s is not in transition", argv[1]);
	else if (patch->backend == BACKEND_LOADER)
		printf("%s: the loader wakes tasks by itself\n", argv[1]);
	else
		err = wake_all(patch);
	patches_free(&patches);
	return err;
}
