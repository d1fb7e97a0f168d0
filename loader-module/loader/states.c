// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "states.h"

struct klpl_state *klpl_state_get(const struct klpl_patch_info *info, unsigned long id)
{
	for (size_t i = 0; i < info->state_count; i++)
		if (info->states[i].id == id)
			return &info->states[i];
	return NULL;
}
EXPORT_SYMBOL_GPL(klpl_state_get);

/* Those that are replaced hold their modules until all of the calls are over. Under klpl_mutex, as all calls are. */
struct klpl_state *klpl_state_before(const struct klpl_patch_info *info, unsigned long id)
{
	struct klpl_state *before = NULL;
	struct klpl_patch *patch;

	lockdep_assert_held(&klpl_mutex);
	list_for_each_entry(patch, &klpl_patches, list) {
		if (patch->info == info)
			break;
		if (patch->enabled || patch->replaced)
			before = klpl_state_get(patch->info, id) ?: before;
	}
	return before;
}
EXPORT_SYMBOL_GPL(klpl_state_before);

static int check(const struct klpl_patch *patch, const struct klpl_patch *other, const struct klpl_state *state)
{
	const struct klpl_state *own = klpl_state_get(patch->info, state->id);

	if (own ? own->version >= state->version : !klpl_is_replaced(patch, other))
		return 0;
	if (own)
		pr_err("%s: %s has state %lu in version %u, and this knows it up to %u\n", patch->name, other->name,
		       state->id, state->version, own->version);
	else
		pr_err("%s: it would replace %s, whose state %lu it does not know\n", patch->name, other->name,
		       state->id);
	return -EINVAL;
}

int klpl_states_check(const struct klpl_patch *patch)
{
	struct klpl_patch *other;
	int err = 0;

	list_for_each_entry(other, &klpl_patches, list)
		for (size_t i = 0; other != patch && other->enabled && i < other->info->state_count && !err; i++)
			err = check(patch, other, &other->info->states[i]);
	return err;
}
