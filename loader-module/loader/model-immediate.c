// SPDX-License-Identifier: GPL-2.0
/*
 * Every call from now on gets the new version; who is inside the old one comes out of it some time. For
 * patches whose functions may be mixed. On the way back the switch is as quick, but the patch is not
 * disabled before nobody is in its code; and so it is with one that is replaced.
 */
#include "replace.h"
#include "stop.h"
#include "threads.h"
#include "transition.h"

static bool try(struct klpl_transition *transition)
{
	klpl_redirect_flip(transition->to);
	if (transition->to && !klpl_replace_any(transition->patch))
		return true;
	return klpl_threads_have_left(transition);
}

const struct klpl_model klpl_model_immediate = {
	.name = "immediate",
	.how = KLPL_SWITCH_KERNEL,
	.leave = KLPL_LEAVE_FUNCTION,
	.together = KLPL_TOGETHER_FUNCTION,
	.tasks = true,
	.try = try,
};
