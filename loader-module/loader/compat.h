/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between 6.1 and 6.12. */
#ifndef KLPL_COMPAT_H
#define KLPL_COMPAT_H

#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/version.h>

/* Renamed in 6.2. */
#ifndef ftrace_regs_set_instruction_pointer
#define ftrace_regs_set_instruction_pointer(fregs, ip) ftrace_instruction_pointer_set(fregs, ip)
#endif

/* Threads of the kernel in a process of a user, other than io_uring's: since 6.4. */
#ifdef PF_USER_WORKER
#define KLPL_PF_USER_WORKER PF_USER_WORKER
#else
#define KLPL_PF_USER_WORKER 0
#endif

/* Of several functions since 6.0, and of one at first; in 6.6 the first form went. */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
static inline int compat_register_direct(struct ftrace_ops *ops, unsigned long address)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return register_ftrace_direct(ops, address);
#else
	return register_ftrace_direct_multi(ops, address);
#endif
}

static inline int compat_unregister_direct(struct ftrace_ops *ops, unsigned long address)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return unregister_ftrace_direct(ops, address, false);
#else
	return unregister_ftrace_direct_multi(ops, address);
#endif
}
#endif

/* A module's text became one of several memory areas in 6.4. */
static inline unsigned long klpl_module_text(const struct module *module)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	return (unsigned long)module->mem[MOD_TEXT].base;
#else
	return (unsigned long)module->core_layout.base;
#endif
}

static inline unsigned long klpl_module_text_size(const struct module *module)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	return module->mem[MOD_TEXT].size;
#else
	return module->core_layout.text_size;
#endif
}

#endif
