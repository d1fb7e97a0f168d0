// SPDX-License-Identifier: GPL-2.0
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/trace_recursion.h>

#include "compat.h"
#include "count.h"
#include "redirect.h"
#include "rival.h"
#include "slots.h"
#include "symbols.h"
#include "tasks.h"

struct klpl_redirect {
	struct hlist_node hashed;
	struct rcu_head rcu;
	unsigned long old;
	unsigned long rest;	/* what of the function is behind its fentry call */
	struct list_head stack; /* of versions, the newest first; readers have preemption disabled */
	struct ftrace_ops ops;
	bool given_up; /* it could not be ended, and has no versions any more */
	int slot; /* negative: by ftrace's handler */
};

static bool direct = true;
module_param(direct, bool, 0644);
MODULE_PARM_DESC(direct, "Have ftrace call what decides directly where it can, without its handler; for what is redirected from now on");

static DEFINE_HASHTABLE(redirects, 8);
static enum klpl_switch switch_by;
/* What all use, or with KLPL_SWITCH_COUNT what they do who come before the switch. */
static bool flipped;
/* Some version, since it was last waited for those who have come to it. With klpl_mutex held. */
static bool taken_off;

static notrace bool uses_new(unsigned long *return_address)
{
	switch (READ_ONCE(switch_by)) {
	case KLPL_SWITCH_THREAD:
		return klpl_tasks_current_is_new();
	case KLPL_SWITCH_COUNT:
		return klpl_count_enter(return_address) != READ_ONCE(flipped);
	default:
		return READ_ONCE(flipped);
	}
}

/*
 * 0: the function itself. Preemption is disabled.
 *
 * Ordering: a version is marked as moving before it is put on the stack, and the tasks' states and
 * the switch are set before both; list_first_or_null_rcu() pairs with list_add_rcu(). When a
 * transition ends with the new versions, the marks are cleared after the last task has switched: a
 * CPU that still sees a mark finds its task's state, which stays until a grace period has passed.
 */
static unsigned long notrace choose(struct klpl_redirect *redirect, unsigned long *return_address)
{
	struct klpl_version *version = list_first_or_null_rcu(&redirect->stack, struct klpl_version, stacked);

	if (version && READ_ONCE(version->moving)) {
		/* pairs with the one of klpl_transition_start() */
		smp_rmb();
		if (!uses_new(return_address))
			version = list_next_or_null_rcu(&redirect->stack, &version->stacked,
							struct klpl_version, stacked);
	}
	return version ? READ_ONCE(version->new) : 0;
}

/* Nothing in it is traced, so that it is never entered from itself but by an interrupt. */
unsigned long notrace klpl_slot_decide(int slot, unsigned long *return_address)
{
	struct klpl_redirect *redirect;
	unsigned long target;

	preempt_disable_notrace();
	redirect = klpl_slot_owner(slot);
	target = choose(redirect, return_address) ?: redirect->rest;
	preempt_enable_notrace();
	return target;
}

/* Where ftrace cannot call a slot. */
static void notrace redirect_call(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	int bit = ftrace_test_recursion_trylock(ip, parent_ip);
	unsigned long target;

	/* Only a function of the handler's own, traced by mistake, could come here again. */
	if (WARN_ON_ONCE(bit < 0))
		return;
	/* no return can be seen from here: a call that is counted stays so (count.h) */
	target = choose(container_of(ops, struct klpl_redirect, ops), NULL);
	if (target)
		ftrace_regs_set_instruction_pointer(fregs, target);
	ftrace_test_recursion_unlock(bit);
}

/*
 * While a version moves each call is decided; else all go on at the same place. A CPU may be behind, and use what
 * was so before: what that leads to is right until the first task switches, and this store is before that, and right
 * after the last one has.
 */
static void aim(struct klpl_redirect *redirect, const struct klpl_version *top)
{
	if (redirect->slot < 0)
		return;
	if (top && top->moving)
		klpl_slot_aim(redirect->slot, 0);
	else
		klpl_slot_aim(redirect->slot, (top ? top->new : 0) ?: redirect->rest);
}

static const char *state_of(const struct klpl_version *version, const struct klpl_version *top)
{
	if (version->moving)
		return "moving";
	if (version != top)
		return "hidden";
	return version->redirect->slot < 0 ? "handler" : "direct";
}

/* After each change of its versions */
static void changed(struct klpl_redirect *redirect)
{
	struct klpl_version *version, *top;

	top = list_first_entry_or_null(&redirect->stack, struct klpl_version, stacked);
	aim(redirect, top);
	list_for_each_entry(version, &redirect->stack, stacked)
		WRITE_ONCE(version->state, state_of(version, top));
}

static struct klpl_redirect *find_redirect(unsigned long old)
{
	struct klpl_redirect *redirect;

	hash_for_each_possible(redirects, redirect, hashed, old)
		if (redirect->old == old)
			return redirect;
	return NULL;
}

/* ftrace lists an ops before it finds that it cannot have it: others may be looking at it, with preemption disabled. */
static void after_refusal(void)
{
	synchronize_rcu_tasks_rude();
}

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
/* The other one changes where the function's caller goes on: one of us would not be heard. Who comes second is told. */
static int share(struct ftrace_ops *ops, enum ftrace_ops_cmd cmd)
{
	unsigned long old = container_of(ops, struct klpl_redirect, ops)->old;
	char patch[MODULE_NAME_LEN];

	if (cmd == FTRACE_OPS_CMD_ENABLE_SHARE_IPMODIFY_PEER && klpl_redirect_has_direct(old, patch, sizeof(patch)))
		pr_warn("%ps() is not for others who change where it goes on: %s has its direct call\n", (void *)old, patch);
	return cmd == FTRACE_OPS_CMD_DISABLE_SHARE_IPMODIFY_PEER ? 0 : -EBUSY;
}

/* Nobody looks at its ops any more. */
static void stop_direct(struct klpl_redirect *redirect)
{
	ftrace_free_filter(&redirect->ops);
	klpl_slot_put(redirect->slot);
	redirect->slot = -1;
}

/*
 * An error: it is as it was. While ftrace is turned off it would take this, do nothing, and lose count of who wants the
 * function; births.c keeps it on.
 */
static int start_direct(struct klpl_redirect *redirect)
{
	int err, slot = klpl_slot_get(redirect);

	if (slot < 0)
		return slot;
	redirect->slot = slot;
	changed(redirect);
	redirect->ops = (struct ftrace_ops){ .ops_func = share };
	err = ftrace_set_filter_ip(&redirect->ops, redirect->old, 0, 0);
	if (!err)
		err = compat_register_direct(&redirect->ops, klpl_slot_address(slot));
	if (err) {
		after_refusal();
		stop_direct(redirect);
	}
	return err;
}

static int end_direct(struct klpl_redirect *redirect)
{
	int err = compat_unregister_direct(&redirect->ops, klpl_slot_address(redirect->slot));

	/* waits for all that have been called, also those preempted in a slot and where RCU does not watch */
	if (!err)
		stop_direct(redirect);
	return err;
}
#else
static int start_direct(struct klpl_redirect *redirect)
{
	return -EOPNOTSUPP;
}

static int end_direct(struct klpl_redirect *redirect)
{
	return 0;
}
#endif

static int start_handler(struct klpl_redirect *redirect)
{
	int err;

	redirect->ops = (struct ftrace_ops){
		.func = redirect_call,
		.flags = FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT,
	};
#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
	redirect->ops.flags |= FTRACE_OPS_FL_SAVE_REGS;
#endif
	err = ftrace_set_filter_ip(&redirect->ops, redirect->old, 0, 0);
	if (!err)
		err = register_ftrace_function(&redirect->ops);
	if (err) {
		after_refusal();
		ftrace_free_filter(&redirect->ops);
	}
	return err;
}

static int end_handler(struct klpl_redirect *redirect)
{
	/* waits for all that are in the handler, also where RCU does not watch */
	int err = unregister_ftrace_function(&redirect->ops);

	if (!err)
		ftrace_free_filter(&redirect->ops);
	return err;
}

/* Without the handler if that can be. BPF's trampolines are called directly, too, and only one can be. */
static int start_redirect(struct klpl_redirect *redirect, const struct klpl_version *version)
{
	unsigned long site = klpl_ftrace_location(redirect->old);
	const char *name = version->name;
	char rival[128];
	int err;

	if (!site) {
		pr_err("%s() cannot be redirected: it has no fentry call\n", name);
		return -EINVAL;
	}
	redirect->rest = site + MCOUNT_INSN_SIZE;
	if (version->counted && !direct) {
		pr_err("%s() cannot be redirected: refcount needs the direct call, which klp_loader's direct=0 forbids\n", name);
		return -EOPNOTSUPP;
	}
	err = direct ? start_direct(redirect) : -EOPNOTSUPP;
	if (err && !version->counted)
		err = start_handler(redirect);
	if (err == -EBUSY) {
		klpl_rival_name(redirect->old, site, rival, sizeof(rival));
		pr_err("%s() cannot be redirected: %s\n", name, rival);
	} else if (err) {
		pr_err("%s() cannot be redirected (%d)\n", name, err);
	}
	return err;
}

static struct klpl_redirect *new_redirect(unsigned long old)
{
	struct klpl_redirect *redirect = kzalloc(sizeof(*redirect), GFP_KERNEL);

	if (!redirect)
		return NULL;
	redirect->old = old;
	redirect->slot = -1;
	INIT_LIST_HEAD(&redirect->stack);
	return redirect;
}

/* The handler sees no return, and a count that never comes back to zero is no model. */
static bool may_stack(const struct klpl_redirect *redirect, const struct klpl_version *version)
{
	if (!version->counted || redirect->slot >= 0)
		return true;
	pr_err("%s() is redirected by ftrace's handler, and refcount needs its direct call\n", version->name);
	return false;
}

int klpl_redirect_add(struct klpl_version *version, bool moving)
{
	struct klpl_redirect *redirect = find_redirect(version->old);
	bool first = !redirect;
	int err;

	if (redirect && redirect->given_up) {
		pr_err("%s() cannot be redirected: ftrace has given up\n", version->name);
		return -ENODEV;
	}
	if (redirect && !may_stack(redirect, version))
		return -EBUSY;
	if (first)
		redirect = new_redirect(version->old);
	if (!redirect)
		return -ENOMEM;
	version->moving = moving;
	version->redirect = redirect;
	list_add_rcu(&version->stacked, &redirect->stack);
	err = first ? start_redirect(redirect, version) : 0;
	if (err) {
		/* nobody has seen it */
		list_del(&version->stacked);
		version->redirect = NULL;
		version->state = "off";
		kfree(redirect);
		return err;
	}
	if (first)
		hash_add_rcu(redirects, &redirect->hashed, redirect->old);
	changed(redirect);
	return 0;
}

void klpl_redirect_mark(struct klpl_version *version, bool moving)
{
	WRITE_ONCE(version->moving, moving);
	if (version->redirect)
		changed(version->redirect);
}

/* The last version of it goes. */
static int end_redirect(struct klpl_redirect *redirect)
{
	if (redirect->slot < 0)
		return end_handler(redirect);
	/* who comes to it late does not look at what is freed */
	klpl_slot_aim(redirect->slot, redirect->rest);
	return end_direct(redirect);
}

/* ftrace has given up, and may call us as long as the machine runs: without a version the function is itself. */
static void keep_for_good(struct klpl_redirect *redirect)
{
	redirect->given_up = true;
	hash_add_rcu(redirects, &redirect->hashed, redirect->old);
	__module_get(THIS_MODULE);
}

static void take_off(struct klpl_version *version)
{
	list_del_rcu(&version->stacked);
	changed(version->redirect);
	taken_off = true;
}

int klpl_redirect_remove(struct klpl_version *version)
{
	struct klpl_redirect *redirect = version->redirect;
	int err = 0;

	if (!redirect)
		return 0;
	if (!list_is_singular(&redirect->stack)) {
		take_off(version);
	} else {
		/* before it is waited for those who look for it (klpl_redirect_has_direct()) */
		hash_del_rcu(&redirect->hashed);
		err = end_redirect(redirect);
		if (err) {
			pr_err("%s() stays redirected (%d)\n", version->name, err);
			keep_for_good(redirect);
			take_off(version);
		} else {
			list_del_rcu(&version->stacked);
			kfree_rcu(redirect, rcu);
		}
	}
	version->redirect = NULL;
	WRITE_ONCE(version->state, "off");
	return err;
}

/* A handler runs where RCU may not watch. */
void klpl_redirect_wait(void)
{
	if (taken_off)
		synchronize_rcu_tasks_rude();
	taken_off = false;
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

const struct klpl_version *klpl_redirect_top(unsigned long old)
{
	struct klpl_redirect *redirect = find_redirect(old);

	return redirect ? list_first_entry_or_null(&redirect->stack, struct klpl_version, stacked) : NULL;
}

bool klpl_redirect_on_top(const struct klpl_version *version)
{
	return version->redirect && list_is_first(&version->stacked, &version->redirect->stack);
}

bool klpl_redirect_has_direct(unsigned long old, char *patch, size_t room)
{
	const struct klpl_version *version = NULL;
	struct klpl_redirect *redirect;

	/* a version is not freed before those have gone on who found it: klpl_redirect_wait(), and ftrace's */
	preempt_disable();
	hash_for_each_possible_rcu(redirects, redirect, hashed, old, true)
		if (redirect->old == old && redirect->slot >= 0)
			version = list_first_or_null_rcu(&redirect->stack, struct klpl_version, stacked);
	if (version)
		strscpy(patch, version->owner ? version->owner->name : "klp_loader", room);
	preempt_enable();
	return version;
}

void klpl_redirect_set_switch(enum klpl_switch how, bool flip)
{
	WRITE_ONCE(switch_by, how);
	WRITE_ONCE(flipped, flip);
}

void klpl_redirect_flip(bool flip)
{
	if (switch_by != KLPL_SWITCH_COUNT)
		WRITE_ONCE(flipped, flip);
	else if (flip != flipped)
		klpl_count_switch();
}

bool klpl_redirect_flipped(void)
{
	return READ_ONCE(flipped);
}
