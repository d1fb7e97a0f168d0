// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "compat.h"
#include "finalize.h"
#include "relocs.h"
#include "symbols.h"

#ifndef CONFIG_LIVEPATCH
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
#define ENTRY "module_finalize"

/* Nobody asks the hook for an error; the module's arrival, which comes next, is where it can be refused. */
struct failure {
	struct list_head list;
	const struct module *module;
	int err;
};

static LIST_HEAD(failures);
static DEFINE_MUTEX(lock);

static void note_failure(const struct module *module, int err)
{
	struct failure *failure = kmalloc(sizeof(*failure), GFP_KERNEL | __GFP_NOFAIL);

	*failure = (struct failure){ .module = module, .err = err };
	mutex_lock(&lock);
	list_add(&failure->list, &failures);
	mutex_unlock(&lock);
}

/* 0, or why the module is not to be loaded. Also of one that had its place and did not get so far. */
static int take_failure(const struct module *module)
{
	struct failure *failure, *next;
	int err = 0;

	mutex_lock(&lock);
	list_for_each_entry_safe(failure, next, &failures, list) {
		if (failure->module != module)
			continue;
		err = failure->err;
		list_del(&failure->list);
		kfree(failure);
	}
	mutex_unlock(&lock);
	return err;
}

static unsigned int find_section(const Elf64_Ehdr *header, const Elf64_Shdr *sections, u32 type)
{
	for (unsigned int i = 1; i < header->e_shnum; i++)
		if (sections[i].sh_type == type)
			return i;
	return 0;
}

/* Those who are in klpl_finalize(), where they may sleep: RCU-tasks does not wait for them. */
static atomic_t inside = ATOMIC_INIT(0);

static void finalize(const Elf64_Ehdr *header, const Elf64_Shdr *sections, struct module *module)
{
	const struct klpl_elf elf = {
		.sections = sections,
		.section_count = header->e_shnum,
		.symbols = find_section(header, sections, SHT_SYMTAB),
		.section_names = (void *)sections[header->e_shstrndx].sh_addr,
		.strings = (void *)sections[sections[find_section(header, sections, SHT_SYMTAB)].sh_link].sh_addr,
	};
	int err;

	take_failure(module);
	err = klpl_relocs_remember(module, &elf) ?: klpl_relocs_put_in(module, "vmlinux", true);
	if (!err)
		return;
	klpl_relocs_forget(module);
	note_failure(module, err);
}

/* In the context of who loads the module; its memory is writable still, and nothing has looked at it. */
void klpl_finalize(const Elf64_Ehdr *header, const Elf64_Shdr *sections, struct module *module)
{
	atomic_inc(&inside);
	finalize(header, sections, module);
	atomic_dec(&inside);
}

/* Nobody gets here any more: who is on the way in, who is in, and who is on the way out. */
static void wait_for_all(void)
{
	synchronize_rcu_tasks();
	while (atomic_read(&inside))
		msleep(20);
	synchronize_rcu_tasks();
}

static int module_event(struct notifier_block *block, unsigned long event, void *data)
{
	return notifier_from_errno(event == MODULE_STATE_COMING ? take_failure(data) : 0);
}

/* Before jump labels and static calls */
static struct notifier_block first = {
	.notifier_call = module_event,
	.priority = INT_MAX,
};

static struct ftrace_ops hook;

int klpl_finalize_init(void)
{
	unsigned long address = klpl_symbol_function(ENTRY);
	int err;

	if (!address)
		return -ENOENT;
	err = register_module_notifier(&first);
	if (err)
		return err;
	err = ftrace_set_filter_ip(&hook, address, 0, 0);
	if (!err)
		err = compat_register_direct(&hook, (unsigned long)klpl_finalize_entry);
	if (!err)
		return 0;
	pr_err("%s() cannot be hooked (%d), and this kernel does not have CONFIG_LIVEPATCH, which would do without\n",
	       ENTRY, err);
	ftrace_free_filter(&hook);
	unregister_module_notifier(&first);
	return err;
}

void klpl_finalize_exit(void)
{
	compat_unregister_direct(&hook, (unsigned long)klpl_finalize_entry);
	ftrace_free_filter(&hook);
	wait_for_all();
	unregister_module_notifier(&first);
	while (!list_empty(&failures))
		take_failure(list_first_entry(&failures, struct failure, list)->module);
}
#else
int klpl_finalize_init(void)
{
	pr_err("this kernel has neither CONFIG_LIVEPATCH nor CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS\n");
	return -EOPNOTSUPP;
}

void klpl_finalize_exit(void)
{
}
#endif
#else
int klpl_finalize_init(void)
{
	return 0;
}

void klpl_finalize_exit(void)
{
}
#endif
