// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A harmless stop and go on, as the kernel's documentation of its own live patching recommends: who sleeps is woken,
 * and is found on its way to user space. What somebody has stopped stays so.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "blockers.h"
#include "klpctl.h"
#include "transition.h"

static struct error *wake_all(const struct patch *patch)
{
	struct error *err;
	size_t count, woken = 0;
	int *pids;

	err = blockers_pids(patches_root(), patch, &pids, &count);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		if (pids[i] == getpid() || blockers_is_stopped(patches_root(), pids[i]) || kill(pids[i], SIGSTOP))
			continue;
		kill(pids[i], SIGCONT);
		woken++;
	}
	printf("%s: %zu tasks woken\n", patch->name, woken);
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
	else
		err = wake_all(patch);
	patches_free(&patches);
	return err;
}
