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

/* A function by its name, and the pieces and copies of it that the compiler makes. */
static int add_named(const char *name)
{
	static const char *const suffixes[] = { "", ".part.0", ".isra.0", ".constprop.0", ".cold" };
	char whole[64];
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes) && err >= 0; i++) {
		snprintf(whole, sizeof(whole), "%s%s", name, suffixes[i]);
		err = klpl_symbol_each(NULL, whole, add_function, (void *)name);
	}
	return err;
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
		/* stopped by a debugger before a system call, of which nothing has been done yet, or behind it */
		"syscall_trace_enter", "syscall_enter_from_user_mode", "syscall_exit_work", "ptrace_notify",
		"ptrace_do_notify",
		/* above the work: who looks */
		"stack_trace_save_tsk_reliable", "arch_stack_walk_reliable",
	};
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && err >= 0; i++)
		err = add_named(names[i]);
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

bool klpl_exit_path_holds(struct task_struct *task)
{
	unsigned long entries[KLPL_STACK_DEPTH];
	int count = klpl_stack_read(task, entries);

	for (int i = 0; i < count; i++)
		if (!klpl_ranges_find(&path, entries[i]))
			return false;
	return count > 0;
}

bool klpl_exit_path_only(void)
{
	return klpl_exit_path_holds(current);
}

bool klpl_exit_path_stopped(struct task_struct *task)
{
	return READ_ONCE(task->__state) & (__TASK_STOPPED | __TASK_TRACED) && !task->on_cpu && klpl_exit_path_holds(task);
}
