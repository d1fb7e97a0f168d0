// SPDX-License-Identifier: GPL-2.0
#include <linux/hashtable.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/trace_recursion.h>

#include "compat.h"
#include "redirect.h"
#include "tasks.h"

struct klpl_redirect {
	struct hlist_node hashed;
	unsigned long old;
	struct list_head stack; /* of versions, the newest first; readers have preemption disabled */
	struct ftrace_ops ops;
};

static DEFINE_HASHTABLE(redirects, 8);
static enum klpl_switch switch_by;
static bool flipped;

static bool uses_new(void)
{
	if (READ_ONCE(switch_by) == KLPL_SWITCH_THREAD)
		return klpl_tasks_current_is_new();
	return READ_ONCE(flipped);
}

/*
 * Ordering: a version is marked as moving before it is put on the stack, and the tasks' states and
 * the switch are set before both; list_first_or_null_rcu() pairs with list_add_rcu(). When a
 * transition ends with the new versions, the marks are cleared after the last task has switched: a
 * CPU that still sees a mark finds its task's state, which stays until a grace period has passed.
 */
static void notrace redirect_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	struct klpl_redirect *redirect = container_of(ops, struct klpl_redirect, ops);
	struct klpl_version *version;
	int bit = ftrace_test_recursion_trylock(ip, parent_ip);

	/* Only a function of the handler's own, traced by mistake, could come here again. */
	if (WARN_ON_ONCE(bit < 0))
		return;
	version = list_first_or_null_rcu(&redirect->stack, struct klpl_version, stacked);
	if (version && READ_ONCE(version->moving)) {
		/* pairs with the one of klpl_transition_start() */
		smp_rmb();
		if (!uses_new())
			version = list_next_or_null_rcu(&redirect->stack, &version->stacked,
							struct klpl_version, stacked);
	}
	if (version && version->new)
		ftrace_regs_set_instruction_pointer(fregs, version->new);
	ftrace_test_recursion_unlock(bit);
}

static struct klpl_redirect *find_redirect(unsigned long old)
{
	struct klpl_redirect *redirect;

	hash_for_each_possible(redirects, redirect, hashed, old)
		if (redirect->old == old)
			return redirect;
	return NULL;
}

static int start_redirect(struct klpl_redirect *redirect, const char *name)
{
	int err = ftrace_set_filter_ip(&redirect->ops, redirect->old, 0, 0);

	if (err) {
		pr_err("%s() cannot be redirected (%d): it has no fentry call\n", name, err);
		return err;
	}
	err = register_ftrace_function(&redirect->ops);
	if (!err)
		return 0;
	ftrace_set_filter_ip(&redirect->ops, redirect->old, 1, 0);
	if (err == -EBUSY)
		pr_err("%s() cannot be redirected: another user of ftrace (a kernel live patch, or a kprobe with a post-handler) does that\n",
		       name);
	else
		pr_err("%s() cannot be redirected (%d)\n", name, err);
	return err;
}

static struct klpl_redirect *new_redirect(unsigned long old)
{
	struct klpl_redirect *redirect = kzalloc(sizeof(*redirect), GFP_KERNEL);

	if (!redirect)
		return NULL;
	redirect->old = old;
	INIT_LIST_HEAD(&redirect->stack);
	redirect->ops.func = redirect_call;
	redirect->ops.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT;
#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
	redirect->ops.flags |= FTRACE_OPS_FL_SAVE_REGS;
#endif
	return redirect;
}

int klpl_redirect_add(struct klpl_version *version)
{
	struct klpl_redirect *redirect = find_redirect(version->old);
	bool first = !redirect;
	int err;

	if (first)
		redirect = new_redirect(version->old);
	if (!redirect)
		return -ENOMEM;
	version->redirect = redirect;
	list_add_rcu(&version->stacked, &redirect->stack);
	if (!first)
		return 0;
	err = start_redirect(redirect, version->name);
	if (err) {
		/* nobody has seen it */
		list_del_init(&version->stacked);
		version->redirect = NULL;
		kfree(redirect);
		return err;
	}
	hash_add(redirects, &redirect->hashed, redirect->old);
	return 0;
}

int klpl_redirect_remove(struct klpl_version *version)
{
	struct klpl_redirect *redirect = version->redirect;
	int err;

	if (!redirect)
		return 0;
	if (!list_is_singular(&redirect->stack)) {
		list_del_rcu(&version->stacked);
		synchronize_rcu_tasks_rude();
	} else {
		/* waits for all that are in the handler, also where RCU does not watch */
		err = unregister_ftrace_function(&redirect->ops);
		if (err) {
			/* ftrace has given up: the version may be entered as long as the machine runs */
			pr_err("%s() stays redirected (%d)\n", version->name, err);
			return err;
		}
		ftrace_set_filter_ip(&redirect->ops, redirect->old, 1, 0);
		list_del_rcu(&version->stacked);
		hash_del(&redirect->hashed);
		kfree(redirect);
	}
	INIT_LIST_HEAD(&version->stacked);
	version->redirect = NULL;
	return 0;
}

const struct klpl_version *klpl_redirect_below(const struct klpl_version *version)
{
	if (!version->redirect || list_is_last(&version->stacked, &version->redirect->stack))
		return NULL;
	return list_next_entry(version, stacked);
}

const struct klpl_version *klpl_redirect_above(const struct klpl_version *version)
{
	if (!version->redirect || list_is_first(&version->stacked, &version->redirect->stack))
		return NULL;
	return list_prev_entry(version, stacked);
}

bool klpl_redirect_on_top(const struct klpl_version *version)
{
	return version->redirect && list_is_first(&version->stacked, &version->redirect->stack);
}

void klpl_redirect_set_switch(enum klpl_switch how, bool flip)
{
	WRITE_ONCE(switch_by, how);
	WRITE_ONCE(flipped, flip);
}

void klpl_redirect_flip(bool flip)
{
	WRITE_ONCE(flipped, flip);
}

bool klpl_redirect_flipped(void)
{
	return READ_ONCE(flipped);
}
