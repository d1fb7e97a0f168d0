// SPDX-License-Identifier: GPL-2.0
/* A patch of the kernel and of a module, with what it does while everything is stopped; any of it can fail. */
#include <asm/apic.h>
#include <asm/nmi.h>
#include <linux/seq_file.h>

#include <klpkit/loader.h>

struct part {
	bool applied, prepared, fail_pre, fail_apply, fail_unapply;
};

static struct part kernel, target;

module_param_named(kernel, kernel.applied, bool, 0644);
module_param_named(kernel_fail_unapply, kernel.fail_unapply, bool, 0644);
module_param_named(target, target.applied, bool, 0644);
module_param_named(kernel_fail_pre, kernel.fail_pre, bool, 0644);
module_param_named(target_fail_pre, target.fail_pre, bool, 0644);
module_param_named(target_fail_apply, target.fail_apply, bool, 0644);
module_param_named(target_fail_unapply, target.fail_unapply, bool, 0644);

static char *model = "kernel";
module_param(model, charp, 0);

static unsigned int together;
module_param(together, uint, 0);

/* Old and new code tell whether the data is theirs. */
static noinline int new_first(void)
{
	return target.applied && kernel.applied ? 8 : 99;
}

static noinline int new_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "patched, with %d\n", kernel.applied);
	return 0;
}

static const struct klpl_func_info kernel_funcs[] = {
	{ "cmdline_proc_show", 0, new_cmdline_proc_show },
};

static const struct klpl_func_info target_funcs[] = {
	{ "klpl_first", 0, new_first },
};

/* What an NMI in the middle of the stop gets of a patched function: before data is changed, and after it was on the way back */
static bool nmi;
module_param(nmi, bool, 0);
static int nmi_saw;
module_param(nmi_saw, int, 0444);
static bool nmi_due;

int klpl_first(void);
static typeof(&klpl_first) first;

static int in_nmi_call(unsigned int type, struct pt_regs *regs)
{
	if (!READ_ONCE(nmi_due))
		return NMI_DONE;
	nmi_saw = first();
	WRITE_ONCE(nmi_due, false);
	return NMI_HANDLED;
}

static void have_nmi(void)
{
	if (!nmi || kernel.applied || target.applied)
		return;
	nmi_saw = 0;
	WRITE_ONCE(nmi_due, true);
	apic->send_IPI(raw_smp_processor_id(), NMI_VECTOR);
	while (READ_ONCE(nmi_due))
		cpu_relax();
}

static int apply(void *data)
{
	struct part *part = data;

	have_nmi();
	if (part->fail_apply)
		return -EBUSY;
	part->applied = true;
	return 0;
}

static int unapply(void *data)
{
	struct part *part = data;

	if (part->fail_unapply)
		return -EBUSY;
	part->applied = false;
	have_nmi();
	return 0;
}

static int pre_patch(void *data)
{
	struct part *part = data;

	if (part->fail_pre)
		return -EBUSY;
	part->prepared = true;
	return 0;
}

static void post_unpatch(void *data)
{
	struct part *part = data;

	part->prepared = false;
	pr_info("klpl_hooks undone: %d %d, left %d\n", kernel.applied, target.applied,
		kernel.prepared + target.prepared);
}

static const struct klpl_object_info objects[] = {
	{
		.funcs = kernel_funcs,
		.func_count = ARRAY_SIZE(kernel_funcs),
		.pre_patch = pre_patch,
		.apply = apply,
		.unapply = unapply,
		.post_unpatch = post_unpatch,
		.data = &kernel,
	},
	{
		.name = "klpl_target",
		.funcs = target_funcs,
		.func_count = ARRAY_SIZE(target_funcs),
		.pre_patch = pre_patch,
		.apply = apply,
		.unapply = unapply,
		.post_unpatch = post_unpatch,
		.data = &target,
	},
};

static struct klpl_patch_info patch = {
	.owner = THIS_MODULE,
	.objects = objects,
	.object_count = ARRAY_SIZE(objects),
};

/* Where jump labels are when a module goes; most others come after them. */
static int module_event(struct notifier_block *block, unsigned long event, void *data)
{
	const struct module *module = data;

	if (event == MODULE_STATE_GOING && !strcmp(module->name, "klpl_target"))
		pr_info("klpl_hooks: jump labels forget klpl_target, its part is applied: %d\n", target.applied);
	return NOTIFY_DONE;
}

static struct notifier_block module_block = {
	.notifier_call = module_event,
	.priority = 1,
};

static int enter_nmi(void)
{
	int err;

	/* not for those who have the module leave */
	first = nmi ? symbol_get(klpl_first) : NULL;
	if (!first)
		return nmi ? -ENOENT : 0;
	err = register_nmi_handler(NMI_LOCAL, in_nmi_call, 0, "klpl_hooks");
	if (err)
		symbol_put(klpl_first);
	return err;
}

static void leave_nmi(void)
{
	if (!first)
		return;
	unregister_nmi_handler(NMI_LOCAL, "klpl_hooks");
	symbol_put(klpl_first);
}

static void leave(void)
{
	leave_nmi();
	unregister_module_notifier(&module_block);
}

static int __init hooks_init(void)
{
	int err = register_module_notifier(&module_block);

	if (err)
		return err;
	patch.model = model;
	patch.together = together;
	err = enter_nmi() ?: klpl_patch_load(&patch);
	if (err)
		leave();
	return err;
}

static void __exit hooks_exit(void)
{
	klpl_patch_unload(&patch);
	leave();
}

module_init(hooks_init);
module_exit(hooks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A patch for tests");
