// SPDX-License-Identifier: GPL-2.0
/* The same patch as klpl_task.c for the kernel's own live patching, to compare with. */
#include <linux/delay.h>
#include <linux/livepatch.h>
#include <linux/module.h>

#ifdef CONFIG_LIVEPATCH
struct klpl_seen {
	int first, second;
};

int klpl_first(void);
int klpl_second(void);

static noinline int new_first(void)
{
	barrier();
	return 2;
}

static noinline int new_second(void)
{
	barrier();
	return 2;
}

static noinline void new_both(struct klpl_seen *seen, unsigned int sleep_ms)
{
	seen->first = klpl_first();
	if (sleep_ms)
		msleep_interruptible(sleep_ms);
	seen->second = klpl_second();
}

static struct klp_func funcs[] = {
	{ .old_name = "klpl_both", .new_func = new_both },
	{ .old_name = "klpl_first", .new_func = new_first },
	{ .old_name = "klpl_second", .new_func = new_second },
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

static int __init live_init(void)
{
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
