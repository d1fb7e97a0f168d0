// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>

#include "objects.h"
#include "replace.h"
#include "transition.h"

static bool has_nop(const struct klpl_patch *patch, unsigned long old)
{
	struct klpl_version *version;

	for_each_nop(patch, version)
		if (version->old == old)
			return true;
	return false;
}

static size_t count_versions(const struct klpl_patch *patch)
{
	size_t count = 0;

	for (size_t i = 0; i < patch->info->object_count; i++)
		count += patch->info->objects[i].func_count;
	return count;
}

/*
 * Of a function that the patch does not have itself: does one that stays win anyway? Else what wins once the replaced
 * ones are gone: one that stays further below, or the function itself (NULL).
 */
static bool is_hidden(const struct klpl_patch *patch, unsigned long old, const struct klpl_version **stays)
{
	const struct klpl_version *version, *top = klpl_redirect_top(old);
	const struct klpl_patch *owner;

	for (version = top; version; version = klpl_redirect_below(version)) {
		owner = klpl_patch_of(version->owner);
		/* without one: what could not be taken off stays for good */
		if (!owner || !klpl_is_replaced(patch, owner))
			break;
	}
	*stays = version;
	return version && version == top;
}

static void add_nops_for(struct klpl_patch *patch, const struct klpl_patch *other)
{
	const struct klpl_version *stays;
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(other, part) {
		for_each_version(part, version) {
			if (!part->there || klpl_objects_find(patch, version->old) || has_nop(patch, version->old) ||
			    is_hidden(patch, version->old, &stays))
				continue;
			patch->nops[patch->nop_count++] = (struct klpl_version){
				.name = version->name,
				.old = version->old,
				.old_size = version->old_size,
				.new = stays ? stays->new : 0,
				.new_size = stays ? stays->new_size : 0,
				.owner = stays ? stays->owner : NULL,
				.counted = patch->model->how == KLPL_SWITCH_COUNT,
				.state = "off",
			};
		}
	}
}

bool klpl_replace_any(const struct klpl_patch *patch)
{
	return klpl_next_replaced(patch, NULL);
}

int klpl_replace_begin(struct klpl_patch *patch)
{
	struct klpl_patch *other;
	size_t count = 0;

	for_each_replaced(patch, other)
		count += count_versions(other);
	if (!count)
		return 0;
	patch->nops = kcalloc(count, sizeof(*patch->nops), GFP_KERNEL);
	if (!patch->nops)
		return -ENOMEM;
	for_each_replaced(patch, other)
		add_nops_for(patch, other);
	return 0;
}

void klpl_replace_drop(struct klpl_patch *patch)
{
	struct klpl_version *version;

	for_each_nop(patch, version)
		if (klpl_redirect_remove(version))
			patch->forced = true;
	klpl_redirect_wait();
	if (!patch->forced)
		kfree(patch->nops);
	patch->nops = NULL;
	patch->nop_count = 0;
}

void klpl_replace_finish(struct klpl_patch *patch)
{
	struct klpl_patch *other;
	struct klpl_part *part;

	for_each_replaced(patch, other) {
		klpl_objects_restore(other);
		for_each_part(other, part)
			part->patched = part->applied = false;
		WRITE_ONCE(other->enabled, false);
		other->replaced = true;
	}
	klpl_replace_drop(patch);
}
