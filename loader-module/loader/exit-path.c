// SPDX-License-Identifier: GPL-2.0
/*
 * Entry code and what must not be instrumented lie in two sections; the few functions between them and
 * task_work_run() are ordinary ones. Work that is run elsewhere (in a wait of io_uring, for a debugger,
 * before a guest is entered) has a system call's own functions below it.
 */
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"
#include "exit-path.h"
#include "stacks.h"
#include "symbols.h"

static struct klpl_ranges path;

static int add_function(void *data, unsigned long address)
{
	return klpl_ranges_add(&path, address, klpl_symbol_size(address), data);
}

static int add_section(const char *from, const char *to)
{
	unsigned long start = klpl_symbol_address(NULL, from, 0), end = klpl_symbol_address(NULL, to, 0);

	return start && end ? klpl_ranges_add(&path, start, end - start, from) : -ENOENT;
}

/* Some are inlined in one kernel and not in the other. */
static int add_functions(void)
{
	static const char *const names[] = {
		"task_work_run",	   "exit_to_user_mode_loop",	    "exit_to_user_mode_prepare",
		"get_signal",		   "arch_do_signal_or_restart",	    "syscall_exit_to_user_mode_work",
		"syscall_exit_to_user_mode", "irqentry_exit_to_user_mode",
		/* a child, before it has been in user space */
		"ret_from_fork", "ret_from_fork_asm",
		/* above it, stopped for a signal or a debugger */
		"do_signal_stop", "ptrace_stop", "ptrace_signal", "do_jobctl_trap", "schedule", "__schedule",
		/* above the work: who looks */
		"stack_trace_save_tsk_reliable", "arch_stack_walk_reliable",
	};
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && err >= 0; i++)
		err = klpl_symbol_each(NULL, names[i], add_function, (void *)names[i]);
	return err;
}

int klpl_exit_path_init(void)
{
	int err = add_functions();

	if (err >= 0)
		err = add_section("__entry_text_start", "__entry_text_end");
	if (!err)
		err = add_section("__noinstr_text_start", "__noinstr_text_end");
	/* the work itself */
	if (!err)
		err = klpl_ranges_add(&path, klpl_module_text(THIS_MODULE), klpl_module_text_size(THIS_MODULE),
				      THIS_MODULE->name);
	klpl_ranges_sort(&path);
	if (err)
		klpl_ranges_free(&path);
	return err;
}

void klpl_exit_path_exit(void)
{
	klpl_ranges_free(&path);
}

static bool is_only(struct task_struct *task)
{
	unsigned long entries[KLPL_STACK_DEPTH];
	int count = klpl_stack_trace(task, entries, ARRAY_SIZE(entries));

	for (int i = 0; i < count; i++)
		if (!klpl_ranges_find(&path, entries[i]))
			return false;
	return count > 0;
}

bool klpl_exit_path_only(void)
{
	return is_only(current);
}

bool klpl_exit_path_stopped(struct task_struct *task)
{
	return READ_ONCE(task->__state) & (__TASK_STOPPED | __TASK_TRACED) && !task->on_cpu && is_only(task);
}
