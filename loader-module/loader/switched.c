// SPDX-License-Identifier: GPL-2.0
#include "objects.h"
#include "switched.h"

/* False: there is nobody who wants to know. */
static bool tell(struct klpl_patch *patch, bool switched)
{
	if (patch->info->switched)
		/* what all did before, before it: pairs with the reader's acquire */
		smp_store_release(patch->info->switched, switched);
	return klpl_objects_switched(patch, switched) || patch->info->switched;
}

static bool tell_replaced(const struct klpl_patch *patch, bool switched)
{
	struct klpl_patch *other;
	bool any = false;

	for_each_replaced(patch, other)
		any |= tell(other, switched);
	return any;
}

void klpl_switched_on(struct klpl_patch *patch)
{
	tell(patch, true);
}

void klpl_switched_replaced_on(const struct klpl_patch *patch)
{
	tell_replaced(patch, true);
}

void klpl_switched_off(struct klpl_patch *patch)
{
	/* who has found it true and has not slept since */
	if (tell(patch, false))
		synchronize_rcu_tasks();
}

void klpl_switched_replaced_off(const struct klpl_patch *patch)
{
	if (tell_replaced(patch, false))
		synchronize_rcu_tasks();
}
