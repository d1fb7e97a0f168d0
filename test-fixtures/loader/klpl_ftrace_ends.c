// SPDX-License-Identifier: GPL-2.0
/* ftrace gives up, as it does when it finds code that it did not expect: for good. */
#include <linux/kprobes.h>
#include <linux/module.h>

static int __init ends_init(void)
{
	struct kprobe probe = { .symbol_name = "ftrace_kill" };
	void (*kill)(void);
	int err = register_kprobe(&probe);

	if (err)
		return err;
	kill = (void *)probe.addr;
	unregister_kprobe(&probe);
	kill();
	return 0;
}

module_init(ends_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The end of ftrace");
