// SPDX-License-Identifier: GPL-2.0
/* All CPUs are stopped, and if nobody is in the code that has to be left, the whole system switches at once. */
#include "stop.h"
#include "transition.h"

static bool try(struct klpl_transition *transition)
{
	/* reversed before it had switched */
	if (klpl_redirect_flipped() == transition->to)
		return true;
	return klpl_stop_and_flip(klpl_transition_ranges(transition), transition->to);
}

const struct klpl_model klpl_model_kernel = {
	.name = "kernel",
	.how = KLPL_SWITCH_KERNEL,
	.try = try,
};
