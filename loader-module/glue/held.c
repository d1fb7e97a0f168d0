// SPDX-License-Identifier: GPL-2.0
/* Held functions: their drains, and the reference that stands for those without. */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>

#include "held.h"
#include "records.h"

typedef void (*drain_fn)(void);

/* Which records can be reached. The lock is taken inside the livepatch core's, never around it. */
static DEFINE_MUTEX(reached_mutex);
static bool *reached;

static bool permanent;

static int permanent_set(const char *value, const struct kernel_param *param)
{
	return -EPERM;
}

static const struct kernel_param_ops permanent_ops = {
	.set = permanent_set,
	.get = param_get_bool,
};
module_param_cb(klpkit_permanent, &permanent_ops, &permanent, 0444);
MODULE_PARM_DESC(klpkit_permanent, "Cannot be removed: see the kernel log for the functions");

void klpkit_held_arrive(const struct klp_object *obj)
{
	const struct klpkit_held *record;

	mutex_lock(&reached_mutex);
	for_each_klpkit(held, record)
		if (klpkit_belongs(record->object, obj))
			reached[record - __start_klpkit_held] = true;
	mutex_unlock(&reached_mutex);
}

/* object NULL: of all objects */
static void drain(const char *object)
{
	const struct klpkit_held *record;

	mutex_lock(&reached_mutex);
	for_each_klpkit_reverse(held, record) {
		drain_fn fn = klpkit_pointer(record->drain);

		if (!fn || !reached[record - __start_klpkit_held])
			continue;
		if (object && strcmp(klpkit_pointer(record->object), object))
			continue;
		reached[record - __start_klpkit_held] = false;
		fn();
	}
	mutex_unlock(&reached_mutex);
}

void klpkit_held_drain(const char *object)
{
	drain(object);
}

/*
 * A module leaves. The core says so to a patch that is enabled, but not to one that was replaced;
 * this is said to both, after the module's exit. Its drains refer to the module: last chance.
 */
static int module_event(struct notifier_block *block, unsigned long state, void *data)
{
	const struct module *mod = data;

	if (state == MODULE_STATE_GOING)
		drain(mod->name);
	return NOTIFY_DONE;
}

static struct notifier_block module_block = {
	.notifier_call = module_event,
};

int klpkit_held_init(void)
{
	int err;

	reached = kcalloc(klpkit_count(held) + 1, sizeof(*reached), GFP_KERNEL);
	if (!reached)
		return -ENOMEM;
	err = register_module_notifier(&module_block);
	if (err)
		kfree(reached);
	return err;
}

void klpkit_held_exit(void)
{
	unregister_module_notifier(&module_block);
	drain(NULL);
	kfree(reached);
}

void klpkit_held_pin(void)
{
	const struct klpkit_held *record;

	for_each_klpkit(held, record) {
		if (record->drain)
			continue;
		pr_info("%s cannot be removed: %s of %s is held: %s\n", THIS_MODULE->name,
			(char *)klpkit_pointer(record->name),
			(char *)klpkit_pointer(record->object),
			(char *)klpkit_pointer(record->reason));
		permanent = true;
	}
	if (permanent)
		__module_get(THIS_MODULE);
}
