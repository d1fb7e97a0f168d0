// SPDX-License-Identifier: GPL-2.0
/*
 * All CPUs are stopped, and if nobody is in the code that has to be left, the whole system switches at once: what the
 * patch does to data in that moment, and all functions. Who sleeps is looked at before, so that only those stacks are
 * read in the stop that may have changed, and nothing is stopped while somebody is known to be inside.
 */
#include "stop.h"
#include "threads.h"
#include "transition.h"

static bool try(struct klpl_transition *transition)
{
	/* reversed before it had switched */
	if (klpl_redirect_flipped() == transition->to)
		return true;
	return !klpl_threads_sleep_inside(transition) && klpl_stop_and_flip(transition, NULL);
}

const struct klpl_model klpl_model_kernel = {
	.name = "kernel",
	.how = KLPL_SWITCH_KERNEL,
	.leave = KLPL_LEAVE_SET,
	.together = KLPL_TOGETHER_KERNEL,
	.at_once = true,
	.tasks = true,
	.try = try,
};
