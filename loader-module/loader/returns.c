// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/rethook.h>
#include <linux/slab.h>
#include <linux/static_call.h>
#include <linux/version.h>

#include "returns.h"
#include "symbols.h"

#ifdef CONFIG_RETHOOK

static struct rethook *rethook;
static void (*returned_fn)(void);

static struct rethook_node *no_try_get(struct rethook *rh)
{
	return NULL;
}

static void no_hook(struct rethook_node *node, struct pt_regs *regs, bool mcount)
{
}

static void no_free(struct rethook *rh)
{
}

DEFINE_STATIC_CALL(klpl_rethook_try_get, no_try_get);
DEFINE_STATIC_CALL(klpl_rethook_hook, no_hook);
DEFINE_STATIC_CALL(klpl_rethook_free, no_free);

/* The nodes became the rethook's own in 6.7, and the handler got to know the return address in 6.6. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static notrace void handler(struct rethook_node *node, void *data, unsigned long address, struct pt_regs *regs)
{
	returned_fn();
}

static struct rethook *no_alloc(void *data, rethook_handler_t fn, int size, int count)
{
	return ERR_PTR(-EOPNOTSUPP);
}

DEFINE_STATIC_CALL(klpl_rethook_alloc, no_alloc);

static bool find_alloc(void)
{
	return klpl_symbol_call(klpl_rethook_alloc, "rethook_alloc");
}

static struct rethook *alloc(unsigned int most)
{
	return static_call(klpl_rethook_alloc)(NULL, handler, sizeof(struct rethook_node), most);
}
#else
static notrace void handler(struct rethook_node *node, void *data, struct pt_regs *regs)
{
	returned_fn();
}

static struct rethook *no_alloc(void *data, rethook_handler_t fn)
{
	return NULL;
}

static void no_add_node(struct rethook *rh, struct rethook_node *node)
{
}

DEFINE_STATIC_CALL(klpl_rethook_alloc, no_alloc);
DEFINE_STATIC_CALL(klpl_rethook_add_node, no_add_node);

static bool find_alloc(void)
{
	return klpl_symbol_call(klpl_rethook_alloc, "rethook_alloc") &&
	       klpl_symbol_call(klpl_rethook_add_node, "rethook_add_node");
}

static struct rethook *alloc(unsigned int most)
{
	struct rethook *rh = static_call(klpl_rethook_alloc)(NULL, handler);

	if (!rh)
		return ERR_PTR(-ENOMEM);
	while (most--) {
		struct rethook_node *node = kzalloc(sizeof(*node), GFP_KERNEL);

		if (!node) {
			static_call(klpl_rethook_free)(rh);
			return ERR_PTR(-ENOMEM);
		}
		/* it frees them */
		static_call(klpl_rethook_add_node)(rh, node);
	}
	return rh;
}
#endif

int klpl_returns_start(unsigned int most, void (*returned)(void))
{
	struct rethook *rh;

	if (!klpl_symbol_call(klpl_rethook_try_get, "rethook_try_get") ||
	    !klpl_symbol_call(klpl_rethook_hook, "rethook_hook") ||
	    !klpl_symbol_call(klpl_rethook_free, "rethook_free") || !find_alloc())
		return -EOPNOTSUPP;
	rh = alloc(most);
	if (IS_ERR(rh))
		return PTR_ERR(rh);
	returned_fn = returned;
	/* pairs with the one of klpl_returns_hook() */
	smp_store_release(&rethook, rh);
	return 0;
}

void klpl_returns_end(void)
{
	struct rethook *rh = rethook;

	rethook = NULL;
	static_call(klpl_rethook_free)(rh);
	/* those that are in the handler; the kernel takes care of those that will not come there any more */
	synchronize_rcu_tasks_rude();
}

notrace bool klpl_returns_hook(unsigned long *return_address)
{
	struct pt_regs regs = { .sp = (unsigned long)return_address };
	/* pairs with the one of klpl_returns_start() */
	struct rethook *rh = smp_load_acquire(&rethook);
	struct rethook_node *node = rh && return_address ? static_call(klpl_rethook_try_get)(rh) : NULL;

	if (!node)
		return false;
	/* it looks at the stack pointer only */
	static_call(klpl_rethook_hook)(node, &regs, true);
	return true;
}

#else

int klpl_returns_start(unsigned int most, void (*returned)(void))
{
	pr_err("the kernel has no CONFIG_RETHOOK: returns cannot be counted\n");
	return -EOPNOTSUPP;
}

void klpl_returns_end(void)
{
}

notrace bool klpl_returns_hook(unsigned long *return_address)
{
	return false;
}

#endif
