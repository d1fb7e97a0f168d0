// SPDX-License-Identifier: GPL-2.0
/* klp_loader.ko for a kernel that was built without what it needs (Kbuild): it says what that is, and does not load. */
#include <linux/module.h>

static int __init lacking_init(void)
{
	static const struct {
		bool there;
		const char *name;
	} needed[] = {
		{ IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_REGS), "ftrace (CONFIG_DYNAMIC_FTRACE_WITH_REGS)" },
		{ IS_ENABLED(CONFIG_HAVE_FENTRY), "calls of ftrace at the entry of functions (CONFIG_HAVE_FENTRY)" },
		{ IS_ENABLED(CONFIG_KPROBES), "kprobes (CONFIG_KPROBES)" },
		{ IS_ENABLED(CONFIG_KALLSYMS_ALL), "all of its symbols (CONFIG_KALLSYMS_ALL)" },
		{ IS_ENABLED(CONFIG_HAVE_RELIABLE_STACKTRACE),
		  "stacks that can be relied on (CONFIG_UNWINDER_ORC, or CONFIG_UNWINDER_FRAME_POINTER with CONFIG_STACK_VALIDATION)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!needed[i].there)
			pr_err("this kernel does not have %s\n", needed[i].name);
	return -EOPNOTSUPP;
}

module_init(lacking_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Live patches by a chosen consistency model, which this kernel has not what it takes for");
