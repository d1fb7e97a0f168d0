// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "arrivals.h"
#include "check.h"
#include "objects.h"
#include "patches.h"
#include "states.h"
#include "sysfs.h"
#include "transition.h"

DEFINE_MUTEX(klpl_mutex);
LIST_HEAD(klpl_patches);

struct klpl_patch *klpl_patch_of(const struct module *module)
{
	struct klpl_patch *patch;

	list_for_each_entry(patch, &klpl_patches, list)
		if (patch->info->owner == module)
			return patch;
	return NULL;
}

bool klpl_is_replaced(const struct klpl_patch *patch, const struct klpl_patch *other)
{
	const char *const *name = patch->info->replaces;

	if (!patch->info->replace || other == patch)
		return false;
	while (name && *name && strcmp(*name, other->name))
		name++;
	return !name || *name;
}

struct klpl_patch *klpl_next_replaced(const struct klpl_patch *patch, const struct klpl_patch *after)
{
	struct klpl_patch *other;
	bool seen = !after;

	list_for_each_entry(other, &klpl_patches, list) {
		/* those enabled after it are not its own to replace, when it is disabled and that is reversed */
		if (other == patch)
			break;
		if (seen && other->enabled && klpl_is_replaced(patch, other))
			return other;
		seen |= other == after;
	}
	return NULL;
}

static bool is_known(const struct klpl_patch_info *info)
{
	const struct klpl_patch *patch;

	list_for_each_entry(patch, &klpl_patches, list)
		if (patch->info == info)
			return true;
	return false;
}

static struct klpl_patch *create_patch(const struct klpl_patch_info *info)
{
	struct klpl_patch *patch = kzalloc(sizeof(*patch), GFP_KERNEL);

	if (!patch)
		return NULL;
	patch->info = info;
	patch->name = info->owner->name;
	patch->model = klpl_model_find(info->model ?: "task");
	patch->deadline_ms = info->deadline_ms ?: klpl_deadline_ms;
	INIT_LIST_HEAD(&patch->list);
	init_completion(&patch->released);
	return patch;
}

static int hold(struct klpl_patch *patch)
{
	if (patch->holds)
		return 0;
	if (!try_module_get(patch->info->owner))
		return -ENODEV;
	patch->holds = true;
	return 0;
}

static void let_go(struct klpl_patch *patch)
{
	if (patch->holds)
		module_put(patch->info->owner);
	patch->holds = false;
}

int klpl_patch_set_enabled(struct klpl_patch *patch, bool enabled)
{
	const struct klpl_patch *above;
	int err;

	/* its files are there before it is, and after */
	if (list_empty(&patch->list))
		return -ENODEV;
	if (klpl_transition_is_of(patch)) {
		if (klpl_transition.to == enabled)
			return -EINVAL;
		return klpl_transition_reverse();
	}
	if (patch->enabled == enabled)
		return -EINVAL;
	above = enabled ? NULL : klpl_objects_hidden_by(patch);
	if (above) {
		pr_err("%s: %s is on top of it\n", patch->name, above->name);
		return -EBUSY;
	}
	err = enabled ? klpl_states_check(patch) ?: klpl_objects_arrive(patch) : 0;
	err = err ?: hold(patch);
	if (err)
		return err;
	patch->enabled = true;
	/* a module that arrives gets its versions in the order in which all others have them */
	if (enabled)
		list_move_tail(&patch->list, &klpl_patches);
	err = klpl_transition_start(patch, enabled);
	if (err && enabled) {
		patch->enabled = false;
		let_go(patch);
	}
	return err;
}

static void settle_replaced(struct klpl_patch *patch)
{
	struct klpl_patch *other;

	list_for_each_entry(other, &klpl_patches, list) {
		if (!other->replaced)
			continue;
		other->replaced = false;
		if (!other->forced)
			let_go(other);
		klpl_sysfs_changed(other);
		pr_info("%s: replaced by %s\n", other->name, patch->name);
	}
}

void klpl_patch_settled(struct klpl_patch *patch, bool enabled)
{
	if (enabled && patch->info->replace) {
		synchronize_rcu_tasks();
		settle_replaced(patch);
	}
	if (!enabled && !patch->forced) {
		/* the last instructions of new code, and of its trampoline */
		synchronize_rcu_tasks();
		let_go(patch);
	}
}

/* As the kernel does for its own live patches: who reads of a crash is to know. Before any of its code can run. */
static void taint(const struct klpl_patch *patch)
{
	pr_notice_once("%s: tainting kernel with TAINT_LIVEPATCH\n", patch->name);
	set_bit(TAINT_LIVEPATCH, &patch->info->owner->taints);
	add_taint(TAINT_LIVEPATCH, LOCKDEP_STILL_OK);
}

static int add_patch(struct klpl_patch *patch)
{
	int err = klpl_objects_create(patch);

	if (err)
		return err;
	err = klpl_sysfs_add(patch);
	if (err)
		return err;
	taint(patch);
	list_add_tail(&patch->list, &klpl_patches);
	err = klpl_patch_set_enabled(patch, true);
	if (err)
		list_del_init(&patch->list);
	return err;
}

/* Also one that was never listed. Without the mutex: those who read its files want it. */
static void destroy_patch(struct klpl_patch *patch)
{
	klpl_sysfs_remove(patch);
	klpl_objects_destroy(patch);
	kfree_rcu(patch, rcu);
}

/* Is there such a model, and does it give what the patch needs? */
static int check_model(const struct klpl_patch *patch)
{
	static const char *const leave[] = { "nothing", "its functions", "the kernel" };
	static const char *const together[] = { "each function", "all for each task", "all for all tasks" };
	const struct klpl_patch_info *info = patch->info;
	const struct klpl_model *model = patch->model;

	if (!model) {
		pr_err("%s: there is no model %s\n", patch->name, info->model);
		return -EINVAL;
	}
	if (model->leave < info->leave || model->together < info->together) {
		pr_err("%s: tasks have to leave %s, and %s must switch together; with the model %s it is %s, and %s\n",
		       patch->name, leave[info->leave], together[info->together], model->name, leave[model->leave],
		       together[model->together]);
		return -EINVAL;
	}
	if (!model->at_once && klpl_objects_have_switch(info)) {
		pr_err("%s: it does something while everything is stopped, and with the model %s nothing is\n", patch->name,
		       model->name);
		return -EINVAL;
	}
	return 0;
}

static int check_patch(struct klpl_patch *patch)
{
	static char text[KLPL_CHECK_TEXT];
	int err = klpl_objects_create(patch) ?: klpl_check(patch, text);

	if (!err)
		klpl_sysfs_checked(text);
	return err ?: -ECANCELED;
}

/* A module whose init has been running since before we came: some of it may be anywhere in it already. */
static const char *on_its_way(const struct klpl_patch_info *info)
{
	for (size_t i = 0; i < info->object_count; i++)
		if (info->objects[i].name && klpl_arrivals_missed(info->objects[i].name))
			return info->objects[i].name;
	return NULL;
}

#define INIT_MS 10000

/* 0 with klpl_mutex held, when each module that the patch is for is there, or is not, or comes under our eyes; or an error. */
static int lock_for(const struct klpl_patch *patch)
{
	unsigned long end = jiffies + msecs_to_jiffies(INIT_MS);
	const char *module;

	for (;;) {
		mutex_lock(&klpl_mutex);
		module = on_its_way(patch->info);
		if (!module)
			return 0;
		if (time_after(jiffies, end) || fatal_signal_pending(current)) {
			pr_err("%s: %s is being initialised since before klp_loader was loaded, try again\n", patch->name,
			       module);
			mutex_unlock(&klpl_mutex);
			return -EAGAIN;
		}
		mutex_unlock(&klpl_mutex);
		msleep(20);
	}
}

int klpl_patch_load(const struct klpl_patch_info *info)
{
	struct klpl_patch *patch = create_patch(info);
	int err;

	if (!patch)
		return -ENOMEM;
	err = check_model(patch) ?: lock_for(patch);
	if (!err) {
		if (is_known(info))
			err = -EEXIST;
		else
			err = info->check ? check_patch(patch) : add_patch(patch);
		mutex_unlock(&klpl_mutex);
	}
	if (err)
		destroy_patch(patch);
	return err;
}
EXPORT_SYMBOL_GPL(klpl_patch_load);

void klpl_patch_unload(const struct klpl_patch_info *info)
{
	struct klpl_patch *patch, *found = NULL;

	mutex_lock(&klpl_mutex);
	list_for_each_entry(patch, &klpl_patches, list)
		if (patch->info == info)
			found = patch;
	if (found)
		list_del_init(&found->list);
	mutex_unlock(&klpl_mutex);
	if (WARN_ON(!found))
		return;
	WARN_ON(found->enabled);
	destroy_patch(found);
}
EXPORT_SYMBOL_GPL(klpl_patch_unload);
