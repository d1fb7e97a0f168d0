// SPDX-License-Identifier: GPL-2.0
/* The same patch as klpl_task.c for the kernel's own live patching, to compare with. */
#include <linux/livepatch.h>
#include <linux/module.h>

#ifdef CONFIG_LIVEPATCH
#define VERSION 2
#include "klpl_new.h"

static struct klp_func funcs[] = {
	{ .old_name = "klpl_both", .new_func = new_both },
	{ .old_name = "klpl_first", .new_func = new_first },
	{ .old_name = "klpl_second", .new_func = new_second },
	{ .old_name = "klpl_recurse", .new_func = new_recurse },
	{ .old_name = "klpl_gone", .new_func = new_gone },
	{ }
};

static struct klp_object objects[] = {
	{ .name = "klpl_target", .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

/* Only so many of the functions */
static unsigned int few = ARRAY_SIZE(funcs) - 1;
module_param(few, uint, 0);

static int __init live_init(void)
{
	if (few < ARRAY_SIZE(funcs))
		funcs[few] = (struct klp_func){ };
	return klp_enable_patch(&patch);
}
#else
static int __init live_init(void)
{
	return -EOPNOTSUPP;
}
#endif

static void __exit live_exit(void)
{
}

module_init(live_init);
module_exit(live_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A patch for tests");
MODULE_INFO(livepatch, "Y");
