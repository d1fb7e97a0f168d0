// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>

#include "arrivals.h"
#include "objects.h"
#include "replace.h"
#include "symbols.h"
#include "transition.h"

static bool refuse_modules = true;
module_param(refuse_modules, bool, 0644);
MODULE_PARM_DESC(refuse_modules, "Refuse a module that a patch cannot patch; else it comes without, if the patch lets each function switch by itself");

/* Modules between their arrival, which we were told of, and the end of their init. */
struct arrival {
	struct list_head list;
	const struct module *module;
};

static LIST_HEAD(arrivals);

static int note_arrival(const struct module *module)
{
	struct arrival *arrival = kmalloc(sizeof(*arrival), GFP_KERNEL);

	if (!arrival)
		return -ENOMEM;
	arrival->module = module;
	list_add(&arrival->list, &arrivals);
	return 0;
}

static struct arrival *find_arrival(const struct module *module)
{
	struct arrival *arrival;

	list_for_each_entry(arrival, &arrivals, list)
		if (arrival->module == module)
			return arrival;
	return NULL;
}

static void arrived(const struct module *module)
{
	struct arrival *arrival = find_arrival(module);

	if (!arrival)
		return;
	list_del(&arrival->list);
	kfree(arrival);
}

/* Of a module that comes or goes, only the time between the two calls of our notifier counts. */
struct module *klpl_arrivals_get(const char *name)
{
	struct module *module;

	rcu_read_lock_sched();
	module = klpl_find_module(name);
	if (module && ((module->state != MODULE_STATE_LIVE && !find_arrival(module)) || !try_module_get(module)))
		module = NULL;
	rcu_read_unlock_sched();
	return module;
}

bool klpl_arrivals_missed(const char *name)
{
	const struct module *module;
	bool missed;

	rcu_read_lock_sched();
	module = klpl_find_module(name);
	missed = module && module->state == MODULE_STATE_COMING && !find_arrival(module);
	rcu_read_unlock_sched();
	return missed;
}

static bool is_of(const struct klpl_part *part, const struct module *module)
{
	return part->info->name && !strcmp(part->info->name, module->name);
}

/* Does another patch take its place just now? */
static bool is_being_replaced(const struct klpl_patch *patch)
{
	struct klpl_patch *other;

	if (klpl_transition.patch)
		for_each_replaced(klpl_transition.patch, other)
			if (other == patch)
				return true;
	return false;
}

/* Nobody is in it yet: it has nothing to wait for but what the rest of the patch waits for. */
static int patch_arrived(struct klpl_patch *patch, struct klpl_part *part)
{
	bool moving = klpl_transition_is_of(patch);
	int err = klpl_part_pre_patch(part);

	/* one that moves has its moment still before it: what it uses until then is what counts */
	if (!err && (!moving || klpl_redirect_flipped()))
		err = klpl_part_switch(part, true);
	if (!err)
		err = klpl_part_redirect(part, moving);
	if (!err && moving) {
		err = klpl_transition_objects_changed();
		if (err) {
			klpl_part_restore(part);
			klpl_redirect_wait();
		}
	}
	if (!err && moving && !klpl_transition.emptying)
		klpl_part_set_moving(part, KLPL_MOVES_COMMON);
	if (!err && !moving) {
		klpl_part_switched(part, !is_being_replaced(patch));
		klpl_part_post_patch(part);
	}
	if (err) {
		klpl_part_switch(part, false);
		klpl_part_post_unpatch(part);
	}
	return err;
}

static bool names_function(const struct klpl_patch *patch, const struct module *module, const char *name)
{
	struct klpl_part *part;

	for_each_part(patch, part)
		for (size_t i = 0; is_of(part, module) && i < part->info->func_count; i++)
			if (!strcmp(part->info->funcs[i].name, name))
				return true;
	return false;
}

/*
 * Has it a function that is patched by something on its way out, and not by what takes its place? Who
 * has not switched would need it, and who has must not have it.
 */
static bool is_only_replaced(const struct module *module)
{
	const struct klpl_patch *patch = klpl_transition.patch;
	struct klpl_patch *other;
	struct klpl_part *part;

	if (!patch)
		return false;
	for_each_replaced(patch, other)
		for_each_part(other, part)
			for (size_t i = 0; is_of(part, module) && i < part->info->func_count; i++)
				if (!names_function(patch, module, part->info->funcs[i].name))
					return true;
	return false;
}

/* With patched and unpatched functions beside each other a patch may be wrong: only where it says that they may be. */
static bool may_come_without(const struct klpl_patch *patch)
{
	return !READ_ONCE(refuse_modules) && patch->info->together == KLPL_TOGETHER_FUNCTION;
}

/* All of the part, or nothing of it. */
static int part_comes(struct klpl_patch *patch, struct klpl_part *part, struct module *module)
{
	int err = klpl_part_arrive(patch, part, module);

	if (err || !patch->enabled)
		return err;
	err = patch_arrived(patch, part);
	if (err)
		klpl_part_leave(part);
	return err;
}

static int module_comes(struct module *module)
{
	struct klpl_patch *patch;
	struct klpl_part *part;
	int err;

	if (is_only_replaced(module)) {
		pr_err("%s is refused: %s replaces what patches it, try again\n", module->name,
		       klpl_transition.patch->name);
		return -EAGAIN;
	}
	list_for_each_entry(patch, &klpl_patches, list) {
		for_each_part(patch, part) {
			if (!is_of(part, module) || part->there)
				continue;
			err = part_comes(patch, part, module);
			/* a disabled one is asked when it is enabled */
			if (err && (!patch->enabled || may_come_without(patch))) {
				WRITE_ONCE(part->left_out, true);
				pr_warn("%s comes without its part of %s, which failed (%d)\n", module->name, patch->name, err);
			} else if (err) {
				pr_err("%s is refused: %s cannot patch it (%d)\n", module->name, patch->name,
				       err);
				return err;
			}
		}
	}
	return 0;
}

/* Those of the running transition that are of the module, which is not entered any more. */
static void drop_nops_of(const struct module *module)
{
	struct klpl_patch *patch = klpl_transition.patch;
	struct klpl_version *version;

	if (!patch)
		return;
	for_each_nop(patch, version) {
		if (!version->old || !within_module(version->old, module))
			continue;
		klpl_redirect_remove(version);
		/* its place is another's soon */
		version->old = 0;
		version->old_size = 0;
	}
	klpl_redirect_wait();
}

static void module_goes(struct module *module)
{
	struct klpl_patch *patch;
	struct klpl_part *part;

	drop_nops_of(module);
	list_for_each_entry_reverse(patch, &klpl_patches, list) {
		for_each_part(patch, part) {
			if (!is_of(part, module))
				continue;
			WRITE_ONCE(part->left_out, false);
			if (!part->there)
				continue;
			if (!klpl_transition_is_of(patch))
				klpl_part_pre_unpatch(part);
			klpl_part_restore(part);
			klpl_redirect_wait();
			klpl_part_switch(part, false);
			klpl_part_post_unpatch(part);
			klpl_part_leave(part);
		}
	}
	/* without memory the ranges stay as they were: too many, for a while */
	if (klpl_transition.patch && klpl_transition_objects_changed())
		pr_warn("%s: no memory\n", klpl_transition.patch->name);
}

/* What patches have done to the module is undone while others still know it: jump labels, static calls, drains. */
static int first_event(struct notifier_block *block, unsigned long event, void *data)
{
	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	mutex_lock(&klpl_mutex);
	module_goes(data);
	arrived(data);
	mutex_unlock(&klpl_mutex);
	return NOTIFY_DONE;
}

static int last_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct module *module = data;
	int err = 0;

	mutex_lock(&klpl_mutex);
	switch (event) {
	case MODULE_STATE_COMING:
		err = note_arrival(module) ?: module_comes(module);
		if (err) {
			/* who refuses a module is not told that it goes: see blocking_notifier_call_chain_robust() */
			module_goes(module);
			arrived(module);
		}
		break;
	case MODULE_STATE_LIVE:
		arrived(module);
		break;
	}
	mutex_unlock(&klpl_mutex);
	return notifier_from_errno(err);
}

/* A chain has one order for all events. */
static struct notifier_block first_block = {
	.notifier_call = first_event,
	.priority = INT_MAX,
};

static struct notifier_block last_block = {
	.notifier_call = last_event,
	.priority = INT_MIN,
};

int klpl_arrivals_init(void)
{
	int err = register_module_notifier(&first_block);

	if (err)
		return err;
	err = register_module_notifier(&last_block);
	if (err)
		unregister_module_notifier(&first_block);
	return err;
}

void klpl_arrivals_exit(void)
{
	unregister_module_notifier(&last_block);
	unregister_module_notifier(&first_block);
	while (!list_empty(&arrivals))
		arrived(list_first_entry(&arrivals, struct arrival, list)->module);
}
