// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the kernel and the compiler. Out: a workspace of ours alone. */
#include "steps.h"
#include "workspace.h"

struct error *step_workspace(struct build *build)
{
	struct error *err;

	err = workspace_take(build);
	if (!err && build->options->no_cache)
		err = workspace_reset(build);
	build->detail = build->workspace.dir;
	return err;
}
