// SPDX-License-Identifier: GPL-2.0
/* Another who wants the function that klpl_bad.c patches: as a kprobe, a kretprobe or a patch of the kernel's own kind. */
#include <linux/kprobes.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static char *kind = "";
module_param(kind, charp, 0);

static int hits;
module_param(hits, int, 0444);

static int pre_handler(struct kprobe *probe, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static void post_handler(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probe = {
	.symbol_name = "cmdline_proc_show",
	.pre_handler = pre_handler,
};

static int return_handler(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static struct kretprobe return_probe = {
	.kp.symbol_name = "cmdline_proc_show",
	.handler = return_handler,
};

#ifdef CONFIG_LIVEPATCH
static int new_show(struct seq_file *file, void *unused)
{
	seq_puts(file, "the rival\n");
	return 0;
}

static struct klp_func funcs[] = {
	{ .old_name = "cmdline_proc_show", .new_func = new_show },
	{ }
};

static struct klp_object objects[] = {
	{ .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int enable_patch(void)
{
	return klp_enable_patch(&patch);
}
MODULE_INFO(livepatch, "Y");
#else
static int enable_patch(void)
{
	return -EOPNOTSUPP;
}
#endif

static int __init rival_init(void)
{
	if (!strcmp(kind, "livepatch"))
		return enable_patch();
	if (!strcmp(kind, "kretprobe"))
		return register_kretprobe(&return_probe);
	if (!strcmp(kind, "post-handler"))
		probe.post_handler = post_handler;
	return register_kprobe(&probe);
}

static void __exit rival_exit(void)
{
	if (!strcmp(kind, "kretprobe"))
		unregister_kretprobe(&return_probe);
	else if (strcmp(kind, "livepatch"))
		unregister_kprobe(&probe);
}

module_init(rival_init);
module_exit(rival_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Another user of a function, for tests");
