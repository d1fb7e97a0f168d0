// SPDX-License-Identifier: GPL-2.0
#include <linux/ftrace.h>
#include <linux/module.h>

#include "births.h"
#include "symbols.h"
#include "tasks.h"

/* The one way by which a task gets to run for the first time: called by its parent, or by a thread that makes it for it. */
#define FIRST_WAKEUP "wake_up_new_task"

static void born(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);

	if (!WARN_ON_ONCE(!regs))
		klpl_tasks_born((void *)regs_get_kernel_argument(regs, 0));
}

static struct ftrace_ops births = {
	.func = born,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_PERMANENT,
};

int klpl_births_init(void)
{
	unsigned long address = klpl_symbol_function(FIRST_WAKEUP);
	int err;

	if (!address)
		return -ENOENT;
	err = ftrace_set_filter_ip(&births, address, 0, 0);
	if (!err)
		err = register_ftrace_function(&births);
	if (!err)
		return 0;
	ftrace_free_filter(&births);
	if (klpl_ftrace_enabled() == 0)
		pr_err("ftrace is turned off (kernel.ftrace_enabled)\n");
	else
		pr_err("ftrace does not call for %s() (%d)\n", FIRST_WAKEUP, err);
	return err;
}

void klpl_births_exit(void)
{
	unregister_ftrace_function(&births);
	ftrace_free_filter(&births);
}
