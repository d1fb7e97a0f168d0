// SPDX-License-Identifier: GPL-2.0
/* The same patch as klpl_task.c for the kernel's own live patching, to compare with. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
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

int klpl_recurse(unsigned int depth, unsigned int sleep_ms);

static noinline int new_recurse(unsigned int depth, unsigned int sleep_ms)
{
	int below = 0;

	if (depth)
		below = klpl_recurse(depth - 1, sleep_ms);
	else if (sleep_ms)
		msleep_interruptible(sleep_ms);
	barrier();
	return below + 2;
}

static noinline void new_gone(struct completion *done)
{
	kthread_complete_and_exit(done, 0);
}

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
