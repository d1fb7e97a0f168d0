// SPDX-License-Identifier: GPL-2.0
#include <linux/kprobes.h>
#include <linux/livepatch.h>
#include <linux/module.h>

#include "rival.h"
#include "symbols.h"

#ifdef CONFIG_LIVEPATCH
static int take(void *data, unsigned long address)
{
	*(unsigned long *)data = address;
	return 1;
}

/* A variable or function of the kernel's; NULL when it has none of that name. */
static void *find(const char *name)
{
	unsigned long address = 0;

	klpl_symbol_each(NULL, name, take, &address);
	return (void *)address;
}

static bool patches(const struct klp_patch *patch, unsigned long function)
{
	const struct klp_object *obj;
	const struct klp_func *func;

	klp_for_each_object_static(patch, obj)
		klp_for_each_func_static(obj, func)
			if (func->old_func == (void *)function && patch->enabled)
				return true;
	return false;
}

/* The last one enabled is on top. */
static bool name_livepatch(unsigned long function, char *name, size_t size)
{
	const struct list_head *all = find("klp_patches");
	struct mutex *lock = find("klp_mutex");
	const struct klp_patch *patch;
	bool found = false;

	if (!all || !lock)
		return false;
	mutex_lock(lock);
	list_for_each_entry_reverse(patch, all, list) {
		found = patches(patch, function);
		if (found)
			break;
	}
	if (found)
		snprintf(name, size, "the kernel's own live patch %s", patch->mod->name);
	mutex_unlock(lock);
	return found;
}
#else
static bool name_livepatch(unsigned long function, char *name, size_t size)
{
	return false;
}
#endif

/* Of several on one place, the first that has one. */
static kprobe_post_handler_t post_handler(const struct kprobe *probe)
{
	const struct kprobe *one;

	if (list_empty(&probe->list))
		return probe->post_handler;
	list_for_each_entry_rcu(one, &probe->list, list)
		if (one->post_handler)
			return one->post_handler;
	return NULL;
}

static bool name_kprobe(unsigned long site, char *name, size_t size)
{
	const struct kprobe *probe;
	kprobe_post_handler_t handler;

	preempt_disable();
	probe = klpl_kprobe_at(site);
	handler = probe ? post_handler(probe) : NULL;
	if (handler)
		snprintf(name, size, "a kprobe with the post-handler %pS", handler);
	preempt_enable();
	return handler;
}

/* A BPF program's trampoline has its number in its symbol. */
static bool name_direct_call(unsigned long site, char *name, size_t size)
{
	unsigned long called;

	preempt_disable();
	called = klpl_direct_call(site);
	if (called)
		snprintf(name, size, "%ps, by ftrace's direct call,", (void *)called);
	preempt_enable();
	return called;
}

void klpl_rival_name(unsigned long function, unsigned long site, char *name, size_t size)
{
	if (!name_kprobe(site, name, size) && !name_livepatch(function, name, size) &&
	    !name_direct_call(site, name, size))
		snprintf(name, size, "another user of ftrace has it");
	else
		strlcat(name, " has it", size);
}
