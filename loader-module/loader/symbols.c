// SPDX-License-Identifier: GPL-2.0
/*
 * A kprobe tells where kallsyms_lookup_name() is, and that tells the rest. All of it is called by
 * static calls, which are direct ones: with IBT the kernel has taken the ENDBR out of functions whose
 * address nobody took, so that a call through a pointer would trap.
 */
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/stacktrace.h>
#include <linux/static_call.h>
#include <linux/task_work.h>
#include <linux/version.h>

#include "symbols.h"

static unsigned long no_lookup_name(const char *name)
{
	return 0;
}

static int no_match_symbol(int (*fn)(void *, unsigned long), const char *name, void *data)
{
	return -EOPNOTSUPP;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
typedef int walk_fn(void *data, const char *name, unsigned long address);

static int no_module_walk(const char *module, walk_fn *fn, void *data)
{
	return -EOPNOTSUPP;
}
#else
typedef int walk_fn(void *data, const char *name, struct module *module, unsigned long address);

static int no_module_walk(walk_fn *fn, void *data)
{
	return -EOPNOTSUPP;
}
#endif

static int no_size_offset(unsigned long address, unsigned long *size, unsigned long *offset)
{
	return 0;
}

static int no_stack_trace(struct task_struct *task, unsigned long *entries, unsigned int room)
{
	return -EOPNOTSUPP;
}

static int no_call_func(struct task_struct *task, task_call_f func, void *arg)
{
	return -EOPNOTSUPP;
}

static struct task_struct *no_idle_task(int cpu)
{
	return NULL;
}

static struct callback_head *no_cancel_match(struct task_struct *task,
					     bool (*match)(struct callback_head *, void *data), void *data)
{
	return NULL;
}

static struct module *no_find_module(const char *name)
{
	return NULL;
}

static unsigned long no_ftrace_location(unsigned long address)
{
	return 0;
}

static unsigned long no_direct_call(unsigned long site)
{
	return 0;
}

static struct kprobe *no_kprobe(void *address)
{
	return NULL;
}

DEFINE_STATIC_CALL(klpl_lookup_name, no_lookup_name);
DEFINE_STATIC_CALL(klpl_match_symbol, no_match_symbol);
DEFINE_STATIC_CALL(klpl_module_walk, no_module_walk);
DEFINE_STATIC_CALL(klpl_size_offset, no_size_offset);
DEFINE_STATIC_CALL(klpl_trace, no_stack_trace);
DEFINE_STATIC_CALL(klpl_call_func, no_call_func);
DEFINE_STATIC_CALL(klpl_idle, no_idle_task);
DEFINE_STATIC_CALL(klpl_cancel_match, no_cancel_match);
DEFINE_STATIC_CALL(klpl_module_named, no_find_module);
DEFINE_STATIC_CALL(klpl_location, no_ftrace_location);
DEFINE_STATIC_CALL(klpl_direct_call_at, no_direct_call);
DEFINE_STATIC_CALL(klpl_kprobe_named, no_kprobe);

static unsigned long lookup_name_address(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long address;
	int err = register_kprobe(&probe);

	if (err) {
		pr_err("a kprobe on kallsyms_lookup_name() fails (%d): kprobes are needed\n", err);
		return 0;
	}
	/* behind the ENDBR, where there is one: good for a direct call */
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

unsigned long klpl_symbol_function(const char *name)
{
	unsigned long address = static_call(klpl_lookup_name)(name);

	if (!address)
		pr_err("the kernel has no %s()\n", name);
	return address;
}

static bool find_direct_calls(void)
{
	return !IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) ||
	       klpl_symbol_call(klpl_direct_call_at, "ftrace_find_rec_direct");
}

bool klpl_symbols_init(void)
{
	unsigned long address = lookup_name_address();

	if (!address)
		return false;
	static_call_update(klpl_lookup_name, (void *)address);
	return klpl_symbol_call(klpl_match_symbol, "kallsyms_on_each_match_symbol") &&
	       klpl_symbol_call(klpl_module_walk, "module_kallsyms_on_each_symbol") &&
	       klpl_symbol_call(klpl_size_offset, "kallsyms_lookup_size_offset") &&
	       klpl_symbol_call(klpl_trace, "stack_trace_save_tsk_reliable") &&
	       klpl_symbol_call(klpl_call_func, "task_call_func") && klpl_symbol_call(klpl_idle, "idle_task") &&
	       klpl_symbol_call(klpl_cancel_match, "task_work_cancel_match") &&
	       klpl_symbol_call(klpl_module_named, "find_module") && klpl_symbol_call(klpl_location, "ftrace_location") &&
	       klpl_symbol_call(klpl_kprobe_named, "get_kprobe") && find_direct_calls();
}

int klpl_stack_trace(struct task_struct *task, unsigned long *entries, unsigned int room)
{
	return static_call(klpl_trace)(task, entries, room);
}

int klpl_task_call_func(struct task_struct *task, task_call_f func, void *arg)
{
	return static_call(klpl_call_func)(task, func, arg);
}

struct task_struct *klpl_idle_task(int cpu)
{
	return static_call(klpl_idle)(cpu);
}

struct module *klpl_find_module(const char *name)
{
	return static_call(klpl_module_named)(name);
}

unsigned long klpl_ftrace_location(unsigned long address)
{
	return static_call(klpl_location)(address);
}

unsigned long klpl_direct_call(unsigned long site)
{
	return static_call(klpl_direct_call_at)(site);
}

int klpl_ftrace_enabled(void)
{
	const int *enabled = (void *)static_call(klpl_lookup_name)("ftrace_enabled");

	return enabled ? READ_ONCE(*enabled) : -1;
}

struct kprobe *klpl_kprobe_at(unsigned long address)
{
	return static_call(klpl_kprobe_named)((void *)address);
}

static bool is_work(struct callback_head *work, void *data)
{
	return work == data;
}

bool klpl_task_work_cancel(struct task_struct *task, struct callback_head *work)
{
	return static_call(klpl_cancel_match)(task, is_work, work) != NULL;
}

struct search {
	unsigned long wanted, count, address;
};

static int count_symbol(void *data, unsigned long address)
{
	struct search *search = data;

	search->count++;
	if (!search->wanted || search->count == search->wanted)
		search->address = address;
	return search->wanted && search->count == search->wanted;
}

/* The symbols of one name of a module, in the order of its table. */
struct walk {
	const char *module, *name;
	int (*fn)(void *data, unsigned long address);
	void *data;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
static int walk_symbol(void *data, const char *name, unsigned long address)
{
	struct walk *walk = data;

	return strcmp(name, walk->name) ? 0 : walk->fn(walk->data, address);
}

static int walk_module(struct walk *walk)
{
	return static_call(klpl_module_walk)(walk->module, walk_symbol, walk);
}
#else
static int walk_symbol(void *data, const char *name, struct module *module, unsigned long address)
{
	struct walk *walk = data;

	return strcmp(module->name, walk->module) || strcmp(name, walk->name) ? 0 :
										walk->fn(walk->data, address);
}

static int walk_module(struct walk *walk)
{
	return static_call(klpl_module_walk)(walk_symbol, walk);
}
#endif

/* The kernel's: in the order of addresses, which is that of its table. */
int klpl_symbol_each(const char *module, const char *name, int (*fn)(void *data, unsigned long address),
		     void *data)
{
	struct walk walk = { .module = module, .name = name, .fn = fn, .data = data };

	return module ? walk_module(&walk) : static_call(klpl_match_symbol)(fn, name, data);
}

unsigned long klpl_symbol_address(const char *module, const char *name, unsigned long sympos)
{
	struct search search = { .wanted = sympos };
	const char *object = module ?: "the kernel";
	int err = klpl_symbol_each(module, name, count_symbol, &search);

	if (err < 0)
		pr_err("%s does not tell its symbols (%d)\n", object, err);
	else if (!search.count || search.count < sympos)
		pr_err("%s has no %s,%lu\n", object, name, sympos);
	else if (!sympos && search.count > 1)
		pr_err("%s has %lu symbols %s: which one is meant?\n", object, search.count, name);
	else
		return search.address;
	return 0;
}

unsigned long klpl_symbol_size(unsigned long address)
{
	unsigned long size = 0, offset = 0;

	return static_call(klpl_size_offset)(address, &size, &offset) && !offset ? size : 0;
}
