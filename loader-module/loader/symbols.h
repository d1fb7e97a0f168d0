/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of what is not exported: the kernel's own functions that the loader calls, and symbols of patches. */
#ifndef KLPL_SYMBOLS_H
#define KLPL_SYMBOLS_H

#include <linux/sched.h>
#include <linux/wait.h>

/* False, with the reason in the log, when the kernel lacks something that the loader needs. */
bool klpl_symbols_init(void);

/*
 * The address of a symbol of the kernel (module NULL) or of a module: the only one of its name when
 * sympos is 0, else that one in the object's order. 0, with the reason in the log, when there is none,
 * or more than one for 0. Sleeps.
 */
unsigned long klpl_symbol_address(const char *module, const char *name, unsigned long sympos);
/* Each of that name. fn returns 0 to go on, else that is returned. Sleeps. */
int klpl_symbol_each(const char *module, const char *name, int (*fn)(void *data, unsigned long address),
		     void *data);
/* Bytes from a function's start to the next symbol; 0 when the address is no symbol's start. */
unsigned long klpl_symbol_size(unsigned long address);

/*
 * Has a static call go to the kernel's function of that name; false, with the reason in the log, when there is none.
 * The update checks nothing: a static call's type is that of the function it was defined with.
 */
#define klpl_symbol_call(call, name)                                                               \
	({                                                                                         \
		unsigned long function = klpl_symbol_function(name);                               \
\
		if (function)                                                                      \
			static_call_update(call, (void *)function);                                \
		function != 0;                                                                     \
	})
unsigned long klpl_symbol_function(const char *name);

/* The kernel's functions of these names. */
int klpl_stack_trace(struct task_struct *task, unsigned long *entries, unsigned int room);
int klpl_task_call_func(struct task_struct *task, task_call_f func, void *arg);
struct task_struct *klpl_idle_task(int cpu);
/* Under rcu_read_lock_sched(). */
struct module *klpl_find_module(const char *name);
/* Where a function's fentry call is; 0: it has none. */
unsigned long klpl_ftrace_location(unsigned long address);
/* Where ftrace has such a call go directly; 0: to no such place. With preemption disabled. */
unsigned long klpl_direct_call(unsigned long site);
/* The sysctl kernel.ftrace_enabled; -1: the kernel does not tell where it is. */
int klpl_ftrace_enabled(void);
/* The kprobe at an address, or NULL. With preemption disabled. */
struct kprobe *klpl_kprobe_at(unsigned long address);
bool klpl_task_work_cancel(struct task_struct *task, struct callback_head *work);

#endif
