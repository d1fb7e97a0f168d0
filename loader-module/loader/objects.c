// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>

#include "arrivals.h"
#include "objects.h"
#include "replace.h"

static int arrive_if_there(const struct klpl_patch *patch, struct klpl_part *part)
{
	struct module *module = NULL;
	int err;

	if (part->info->name) {
		module = klpl_arrivals_get(part->info->name);
		if (!module)
			return 0;
	}
	err = klpl_part_arrive(patch, part, module);
	module_put(module);
	return err;
}

int klpl_objects_arrive(struct klpl_patch *patch)
{
	struct klpl_part *part;
	int err;

	for_each_part(patch, part) {
		if (part->there)
			continue;
		err = arrive_if_there(patch, part);
		if (err) {
			pr_err("%s: its part for %s failed (%d)\n", patch->name, part->info->name, err);
			return err;
		}
		if (part->there)
			WRITE_ONCE(part->left_out, false);
	}
	return 0;
}

int klpl_objects_create(struct klpl_patch *patch)
{
	const struct klpl_patch_info *info = patch->info;
	struct klpl_part *part;
	int err = 0;

	patch->parts = kcalloc(info->object_count, sizeof(*patch->parts), GFP_KERNEL);
	if (!patch->parts)
		return -ENOMEM;
	for (size_t i = 0; i < info->object_count && !err; i++) {
		const struct klpl_object_info *object = &info->objects[i];

		part = &patch->parts[i];
		part->info = object;
		part->versions = kcalloc(object->func_count, sizeof(*part->versions), GFP_KERNEL);
		err = part->versions ? arrive_if_there(patch, part) : -ENOMEM;
	}
	if (err)
		klpl_objects_destroy(patch);
	return err;
}

void klpl_objects_destroy(struct klpl_patch *patch)
{
	struct klpl_part *part;

	if (!patch->parts)
		return;
	for_each_part(patch, part) {
		klpl_part_leave(part);
		kfree(part->versions);
	}
	kfree(patch->parts);
	patch->parts = NULL;
}

int klpl_objects_redirect(struct klpl_patch *patch)
{
	struct klpl_version *version;
	struct klpl_part *part;
	int err = 0;

	for_each_part(patch, part)
		if (part->there && !err)
			err = klpl_part_redirect(part, true);
	for_each_nop(patch, version)
		if (!err && version->old)
			err = klpl_redirect_add(version, true);
	if (err)
		klpl_objects_restore(patch);
	return err;
}

void klpl_objects_restore(struct klpl_patch *patch)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_nop(patch, version)
		if (klpl_redirect_remove(version))
			patch->forced = true;
	for_each_part(patch, part)
		if (part->there && !klpl_part_restore(part))
			patch->forced = true;
	klpl_redirect_wait();
}

void klpl_objects_set_moving(struct klpl_patch *patch, enum klpl_moves moves)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part)
		klpl_part_set_moving(part, moves);
	for_each_nop(patch, version)
		klpl_redirect_mark(version, moves != KLPL_MOVES_NONE);
}

bool klpl_objects_have_immediate(const struct klpl_patch *patch)
{
	const struct klpl_object_info *object = patch->info->objects;

	for (; object < patch->info->objects + patch->info->object_count; object++)
		for (size_t i = 0; i < object->func_count; i++)
			if (object->funcs[i].immediate)
				return true;
	return false;
}

static bool has_version(const struct klpl_patch *patch, const struct klpl_version *wanted)
{
	struct klpl_part *part;

	for_each_part(patch, part)
		if (wanted >= part->versions && wanted < part->versions + part->info->func_count)
			return true;
	return false;
}

const struct klpl_version *klpl_objects_find(const struct klpl_patch *patch, unsigned long old)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part)
		for_each_version(part, version)
			if (part->there && version->old == old)
				return version;
	return NULL;
}

const struct klpl_patch *klpl_objects_hidden_by(const struct klpl_patch *patch)
{
	const struct klpl_patch *other;
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part) {
		for_each_version(part, version) {
			if (!version->redirect || klpl_redirect_on_top(version))
				continue;
			list_for_each_entry(other, &klpl_patches, list)
				if (has_version(other, klpl_redirect_above(version)))
					return other;
		}
	}
	return NULL;
}

void klpl_objects_post_unpatch(struct klpl_patch *patch)
{
	for (size_t i = patch->info->object_count; i--;)
		klpl_part_post_unpatch(&patch->parts[i]);
}

int klpl_objects_pre_patch(struct klpl_patch *patch)
{
	struct klpl_part *part;
	int err = 0;

	for_each_part(patch, part) {
		if (part->there)
			err = klpl_part_pre_patch(part);
		if (err) {
			klpl_objects_post_unpatch(patch);
			return err;
		}
	}
	return 0;
}

void klpl_objects_post_patch(struct klpl_patch *patch)
{
	struct klpl_part *part;

	for_each_part(patch, part)
		klpl_part_post_patch(part);
}

void klpl_objects_pre_unpatch(struct klpl_patch *patch)
{
	for (size_t i = patch->info->object_count; i--;)
		klpl_part_pre_unpatch(&patch->parts[i]);
}

bool klpl_objects_switched(struct klpl_patch *patch, bool all)
{
	struct klpl_part *part;
	bool any = false;

	for_each_part(patch, part)
		any |= klpl_part_switched(part, all);
	return any;
}

int klpl_objects_switch(struct klpl_patch *patch, bool to)
{
	size_t count = patch->info->object_count, done;
	int err = 0;

	/* back in the other order */
	for (done = 0; done < count && !err; done++)
		err = klpl_part_switch(&patch->parts[to ? done : count - 1 - done], to);
	while (err && done--)
		klpl_part_switch(&patch->parts[to ? done : count - 1 - done], !to);
	return err;
}

bool klpl_objects_have_switch(const struct klpl_patch_info *info)
{
	for (size_t i = 0; i < info->object_count; i++)
		if (info->objects[i].apply || info->objects[i].unapply)
			return true;
	return false;
}
