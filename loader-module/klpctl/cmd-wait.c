// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "klpctl.h"
#include "transition.h"

struct error *cmd_wait(int argc, char **argv)
{
	unsigned int timeout = 0;
	const struct patch *patch;
	struct patches patches;
	struct error *err = NULL;
	struct outcome outcome;

	if (argc > 1 && !strcmp(argv[1], "--timeout")) {
		err = parse_ms("--timeout", argc > 2 ? argv[2] : NULL, &timeout);
		argc -= 2;
		argv += 2;
	}
	if (!err && argc != 2)
		err = error_create(EXIT_USAGE, "which patch?");
	if (err)
		return err;
	err = transition_patch(patches_root(), argv[1], &patches, &patch);
	if (err)
		return err;
	patches_free(&patches);
	err = transition_wait(patches_root(), argv[1], timeout, &outcome);
	if (err)
		return err;
	if (outcome.reversed)
		err = error_create(EXIT_REFUSED, "%s was reversed, and is %s: %s", argv[1],
				   outcome.enabled ? "enabled" : "disabled",
				   outcome.blockers ? outcome.blockers : "the kernel's log says why");
	else
		printf("%s: %s\n", argv[1], outcome.enabled ? "enabled" : "disabled");
	outcome_free(&outcome);
	return err;
}
