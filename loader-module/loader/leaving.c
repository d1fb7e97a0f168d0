// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "compat.h"
#include "leaving.h"
#include "objects.h"
#include "redirect.h"
#include "replace.h"
#include "slots.h"
#include "transition.h"

/* The first new function of the patch from an address on, before another one */
static const struct klpl_version *next_new(const struct klpl_patch *patch, unsigned long from, unsigned long end)
{
	const struct klpl_version *found = NULL, *version;
	const struct klpl_part *part;

	for_each_part(patch, part)
		for_each_version(part, version)
			if (version->new >= from && version->new < end) {
				found = version;
				end = version->new;
			}
	return found;
}

/* All of a patch's code: each new function by its name, and what is between them by the module's. */
static int add_text(const struct module *module, struct klpl_ranges *ranges)
{
	const struct klpl_patch *patch = klpl_patch_of(module);
	unsigned long at = klpl_module_text(module), end = at + klpl_module_text_size(module);
	const struct klpl_version *next;
	int err = 0;

	while (patch && !err && (next = next_new(patch, at, end))) {
		err = next->new > at ? klpl_ranges_add(ranges, at, next->new - at, module->name) : 0;
		err = err ?: klpl_ranges_add(ranges, next->new, next->new_size, next->name);
		at = next->new + next->new_size;
	}
	return err ?: klpl_ranges_add(ranges, at, end - at, module->name);
}

/*
 * From the function's start to where its call of ftrace returns to. Who is there may have been told
 * where to go on, and not be there yet: a task that was preempted at the end of the handler has the
 * choice in its registers only.
 */
#define ENTRY_SIZE (4 + MCOUNT_INSN_SIZE)

static int add_entry(const struct klpl_version *version, struct klpl_ranges *ranges)
{
	return klpl_ranges_add(ranges, version->old, ENTRY_SIZE, version->name);
}

/*
 * The function itself, and of each version below all of its module, its cold pieces among that: what was left behind by an
 * immediate version, or by force, has somebody in it still.
 */
static int add_old(const struct klpl_version *version, struct klpl_ranges *ranges)
{
	/* what it would have below it, if it were there */
	const struct klpl_version *below = version->redirect ? klpl_redirect_below(version) :
							       klpl_redirect_top(version->old);
	int err;

	if (version->immediate)
		return 0;
	err = klpl_ranges_add(ranges, version->old, version->old_size, version->name);
	for (; below && !err; below = klpl_redirect_below(below))
		if (below->new)
			err = add_text(below->owner, ranges);
	return err;
}

static bool have_one_in_common(const struct klpl_patch *patch, const struct klpl_patch *other)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part)
		for_each_version(part, version)
			if (part->there && klpl_objects_find(other, version->old))
				return true;
	return false;
}

/*
 * Whoever was in them when they were disabled by force may be there still, and calls what the patch redirects. Who is in one that
 * is enabled sees with the patch what all see, and without it what that one has.
 */
static int add_forced(const struct klpl_patch *patch, struct klpl_ranges *ranges)
{
	const struct klpl_patch *other;
	int err = 0;

	list_for_each_entry(other, &klpl_patches, list)
		if (other != patch && other->forced && !other->enabled && have_one_in_common(patch, other))
			err = err ?: add_text(other->info->owner, ranges);
	return err;
}

static int add_all_old(const struct klpl_patch *patch, struct klpl_ranges *ranges)
{
	struct klpl_version *version;
	struct klpl_part *part;
	int err = 0;

	for_each_part(patch, part) {
		if (!part->there)
			continue;
		for_each_version(part, version)
			err = err ?: add_old(version, ranges);
		for (size_t i = 0; i < part->checks.count && !err; i++) {
			const struct klpl_range *check = &part->checks.items[i];

			err = klpl_ranges_add(ranges, check->start, check->end - check->start, check->name);
		}
	}
	for_each_nop(patch, version)
		err = err ?: add_old(version, ranges);
	return err ?: add_forced(patch, ranges);
}

int klpl_leaving_old(const struct klpl_patch *patch, struct klpl_ranges *ranges)
{
	struct klpl_patch *other;
	/* where versions may be mixed, who is in an old one comes out of it some time */
	int err = patch->model->leave == KLPL_LEAVE_FUNCTION ? 0 : add_all_old(patch, ranges);

	/* all of what may leave memory after this */
	for_each_replaced(patch, other)
		err = err ?: add_text(other->info->owner, ranges);
	err = err ?: klpl_slots_add_ranges(ranges);
	klpl_ranges_sort(ranges);
	return err;
}

/* What a nop stands for: the function, or what stays of those above it. */
static int add_nop(const struct klpl_version *nop, struct klpl_ranges *ranges)
{
	if (nop->new)
		return add_entry(nop, ranges) ?: add_text(nop->owner, ranges);
	return klpl_ranges_add(ranges, nop->old, nop->old_size, nop->name);
}

/* All of its code: new helpers and pieces too. And what a nop stands for. */
int klpl_leaving_new(const struct klpl_patch *patch, struct klpl_ranges *ranges)
{
	struct klpl_version *version;
	struct klpl_part *part;
	int err = add_text(patch->info->owner, ranges);

	for_each_part(patch, part)
		for_each_version(part, version)
			if (part->there && !err)
				err = add_entry(version, ranges);
	for_each_nop(patch, version)
		err = err ?: add_nop(version, ranges);
	err = err ?: add_forced(patch, ranges) ?: klpl_slots_add_ranges(ranges);
	klpl_ranges_sort(ranges);
	return err;
}
