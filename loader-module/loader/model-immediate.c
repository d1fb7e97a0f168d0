// SPDX-License-Identifier: GPL-2.0
/*
 * Every call from now on gets the new version; who is inside the old one comes out of it some time. For
 * patches whose functions may be mixed. On the way back the switch is as quick, but the patch is not
 * disabled before nobody is in its code.
 */
#include "transition.h"
#include "stop.h"

static bool try(struct klpl_transition *transition)
{
	klpl_redirect_flip(transition->to);
	return transition->to || klpl_stop_is_left(&transition->new);
}

const struct klpl_model klpl_model_immediate = {
	.name = "immediate",
	.how = KLPL_SWITCH_KERNEL,
	.try = try,
};
