// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "blockers.h"
#include "leaving.h"
#include "objects.h"
#include "replace.h"
#include "stop.h"
#include "switched.h"
#include "sysfs.h"
#include "threads.h"
#include "transition.h"

struct klpl_transition klpl_transition;
unsigned int klpl_deadline_ms = 60000;

static struct workqueue_struct *queue;
static void work_on(struct work_struct *work);
static DECLARE_DELAYED_WORK(work, work_on);

const struct klpl_model *klpl_model_find(const char *name)
{
	static const struct klpl_model *const models[] = { &klpl_model_immediate, &klpl_model_kernel,
							   &klpl_model_task, &klpl_model_lazy,
							   &klpl_model_quiesce, &klpl_model_refcount };

	for (size_t i = 0; i < ARRAY_SIZE(models); i++)
		if (!strcmp(models[i]->name, name))
			return models[i];
	return NULL;
}

const struct klpl_ranges *klpl_transition_ranges(const struct klpl_transition *transition)
{
	return transition->to ? &transition->old : &transition->new;
}

bool klpl_transition_is_live(void)
{
	/* pairs with the one of klpl_transition_start() */
	return smp_load_acquire(&klpl_transition.live);
}

bool klpl_transition_is_of(const struct klpl_patch *patch)
{
	/* pairs with the one of release() */
	return smp_load_acquire(&klpl_transition.patch) == patch;
}

bool klpl_transition_is_by_task(void)
{
	const struct klpl_patch *patch;
	bool by_task;

	rcu_read_lock();
	/* it may end meanwhile, but a patch is freed no sooner than those who look at it here have gone on */
	patch = READ_ONCE(klpl_transition.patch);
	by_task = patch && patch->model->how == KLPL_SWITCH_THREAD;
	rcu_read_unlock();
	return by_task;
}

/* Nobody looks at it any more. */
static void release(struct klpl_transition *transition)
{
	klpl_ranges_free(&transition->old);
	klpl_ranges_free(&transition->new);
	/* what came of it is told by then */
	smp_store_release(&transition->patch, NULL);
}

static int begin_model(const struct klpl_model *model, bool from)
{
	int err = model->begin ? model->begin() : 0;

	if (err || !model->tasks)
		return err;
	err = klpl_tasks_start(from, model->crossed);
	if (err && model->end)
		model->end();
	return err;
}

static void end_model(const struct klpl_model *model)
{
	if (model->tasks)
		klpl_tasks_end();
	if (model->end)
		model->end();
}

static void tell_end(const struct klpl_transition *transition)
{
	const char *name = transition->patch->name;

	pr_info("%s: %s after %u ms, %u tries\n", name, transition->to ? "enabled" : "disabled",
		jiffies_to_msecs(jiffies - transition->started), transition->tries);
	if (transition->stopped_ns)
		pr_info("%s: all was stopped for %llu us, to read %u stacks\n", name,
			div_u64(transition->stopped_ns, NSEC_PER_USEC), transition->walked);
}

/*
 * The tasks' states outlive the marks of the versions by a grace period, and what is taken off the
 * stacks is off before its mark would mean something else.
 */
static void complete_transition(struct klpl_transition *transition)
{
	struct klpl_patch *patch = transition->patch;

	tell_end(transition);
	klpl_transition_next_round();
	if (transition->to) {
		klpl_objects_set_moving(patch, KLPL_MOVES_NONE);
		synchronize_rcu_tasks_rude();
		klpl_replace_finish(patch);
	} else {
		klpl_objects_restore(patch);
		klpl_replace_drop(patch);
	}
	/* those that had been asked may still look at the ranges; expedited, since somebody waits for this */
	WRITE_ONCE(transition->live, false);
	synchronize_rcu_expedited();
	end_model(patch->model);
	WRITE_ONCE(patch->enabled, transition->to);
	if (transition->to) {
		klpl_switched_on(patch);
		klpl_objects_post_patch(patch);
	} else {
		klpl_switched_replaced_on(patch);
		klpl_objects_post_unpatch(patch);
	}
	klpl_patch_settled(patch, transition->to);
	/* who has waited for this finds all of it done, and may remove the module */
	release(transition);
	klpl_sysfs_changed(patch);
}

static bool is_late(const struct klpl_transition *transition)
{
	return !transition->reversed && !transition->told &&
	       time_after(jiffies, transition->started + msecs_to_jiffies(transition->patch->deadline_ms));
}

static void reverse(struct klpl_transition *transition)
{
	transition->to = !transition->to;
	transition->reversed = !transition->reversed;
	transition->started = jiffies;
	transition->tries = 0;
	transition->error = 0;
	klpl_transition_next_round();
	mod_delayed_work(queue, &work, 0);
}

static void give_up(struct klpl_transition *transition)
{
	pr_warn("%s: not %s within %u ms, and %s; what blocked it:\n", transition->patch->name,
		transition->to ? "enabled" : "disabled", transition->patch->deadline_ms,
		transition->emptying ? "kept until its code is left" : "reversed");
	klpl_blockers_log();
	if (transition->emptying) {
		transition->told = true;
		return;
	}
	reverse(transition);
}

/* What the patch does in the moment of the switch says no: it would the next time. */
static void give_in(struct klpl_transition *transition)
{
	pr_err("%s: not %s: what it does while everything is stopped failed (%d)\n", transition->patch->name,
	       transition->to ? "enabled" : "disabled", transition->error);
	WRITE_ONCE(transition->patch->error, transition->error);
	reverse(transition);
}

/* Often at first, when it may be a matter of one more look, and then seldom. */
static unsigned long pause(const struct klpl_transition *transition)
{
	return msecs_to_jiffies(max(min(100U, transition->tries), transition->rest_ms));
}

/*
 * From here on all callers get the old versions, whichever way they were switched: the switch says so already. Since
 * immediate ones were called whoever had left them, it is looked once more.
 */
static void start_emptying(struct klpl_transition *transition)
{
	WRITE_ONCE(transition->emptying, true);
	transition->reversed = false;
	klpl_transition_next_round();
	klpl_objects_set_moving(transition->patch, KLPL_MOVES_ALL);
}

/* One try to get on. */
static bool is_over(struct klpl_transition *transition)
{
	if (!transition->emptying) {
		if (!transition->patch->model->try(transition))
			return false;
		if (transition->to || !klpl_objects_have_immediate(transition->patch))
			return true;
		start_emptying(transition);
	}
	return klpl_threads_have_left(transition);
}

/* 0, or why it was reversed: the error of what the patch does. */
static int get_on(struct klpl_transition *transition)
{
	int err;

	transition->tries++;
	transition->rest_ms = 0;
	if (is_over(transition)) {
		complete_transition(transition);
		return 0;
	}
	err = transition->error;
	if (err)
		give_in(transition);
	else if (is_late(transition))
		give_up(transition);
	queue_delayed_work(queue, &work, pause(transition));
	return err;
}

static void work_on(struct work_struct *unused)
{
	mutex_lock(&klpl_mutex);
	if (klpl_transition.patch)
		get_on(&klpl_transition);
	mutex_unlock(&klpl_mutex);
}

/* Both, or nothing. */
static int make_ranges(const struct klpl_patch *patch, struct klpl_ranges *old, struct klpl_ranges *new)
{
	struct klpl_ranges fresh_old = { }, fresh_new = { };
	int err = klpl_leaving_old(patch, &fresh_old) ?: klpl_leaving_new(patch, &fresh_new);

	if (err) {
		klpl_ranges_free(&fresh_old);
		klpl_ranges_free(&fresh_new);
		return err;
	}
	*old = fresh_old;
	*new = fresh_new;
	return 0;
}

int klpl_transition_objects_changed(void)
{
	struct klpl_transition *transition = &klpl_transition;
	struct klpl_ranges old = { }, new = { };
	int err = make_ranges(transition->patch, &old, &new);

	if (err)
		return err;
	/* nobody looks at them, nor moves by what he saw there */
	WRITE_ONCE(transition->live, false);
	klpl_transition_next_round();
	synchronize_rcu();
	swap(transition->old, old);
	swap(transition->new, new);
	/* all of it is filled in */
	smp_store_release(&transition->live, true);
	klpl_ranges_free(&old);
	klpl_ranges_free(&new);
	return 0;
}

static int prepare(struct klpl_transition *transition)
{
	struct klpl_patch *patch = transition->patch;
	const struct klpl_model *model = patch->model;
	int err = 0;

	klpl_redirect_set_switch(model->how, transition->from);
	if (transition->to)
		err = klpl_replace_begin(patch);
	if (err)
		return err;
	err = begin_model(model, transition->from);
	if (err) {
		klpl_replace_drop(patch);
		return err;
	}
	/* The states before the marks: pairs with the one in the handler. */
	smp_wmb();
	if (transition->to)
		err = klpl_objects_redirect(patch);
	else
		klpl_objects_set_moving(patch, KLPL_MOVES_COMMON);
	if (!err)
		err = make_ranges(patch, &transition->old, &transition->new);
	if (!err && transition->to)
		/* now that nothing can fail any more: who has got into one may stay there */
		klpl_objects_set_moving(patch, KLPL_MOVES_COMMON);
	if (!err)
		return 0;
	/* all are where they were */
	if (transition->to) {
		klpl_objects_restore(patch);
		klpl_replace_drop(patch);
	} else {
		klpl_objects_set_moving(patch, KLPL_MOVES_NONE);
	}
	synchronize_rcu_tasks_rude();
	end_model(model);
	return err;
}

static void tell_not_begun(struct klpl_patch *patch, bool to)
{
	if (to) {
		klpl_switched_replaced_on(patch);
		klpl_objects_post_unpatch(patch);
	} else {
		klpl_switched_on(patch);
		klpl_objects_post_patch(patch);
	}
}

int klpl_transition_start(struct klpl_patch *patch, bool to)
{
	struct klpl_transition *transition = &klpl_transition;
	int err = 0;

	if (transition->patch) {
		pr_err("%s: %s is in transition\n", patch->name, transition->patch->name);
		return -EBUSY;
	}
	*transition = (struct klpl_transition){
		.patch = patch,
		.from = !to,
		.to = to,
		.started = jiffies,
	};
	WRITE_ONCE(patch->error, 0);
	if (to) {
		klpl_switched_replaced_off(patch);
		err = klpl_objects_pre_patch(patch);
	} else {
		klpl_switched_off(patch);
		klpl_objects_pre_unpatch(patch);
	}
	if (!err)
		err = prepare(transition);
	if (err) {
		release(transition);
		tell_not_begun(patch, to);
		return err;
	}
	klpl_transition_next_round();
	/* all of it is filled in */
	smp_store_release(&transition->live, true);
	if (patch->model->by_worker) {
		queue_delayed_work(queue, &work, 0);
		return 0;
	}
	err = get_on(transition);
	/* reversed: it is where it was, and who asked for it is told, unless somebody is in what was immediate */
	if (err)
		get_on(transition);
	return transition->patch ? 0 : err;
}

int klpl_transition_reverse(void)
{
	if (klpl_transition.emptying) {
		pr_err("%s: it is disabled, and can be enabled again when its code is left\n", klpl_transition.patch->name);
		return -EBUSY;
	}
	reverse(&klpl_transition);
	return 0;
}

static bool move_by_force(struct klpl_task *task, void *data)
{
	WRITE_ONCE(task->is_new, klpl_transition.to);
	return false;
}

int klpl_transition_force(void)
{
	struct klpl_patch *patch = klpl_transition.patch, *other;
	int err;

	if (patch->model->at_once && klpl_redirect_flipped() != klpl_transition.to &&
	    !klpl_stop_and_force(&klpl_transition)) {
		err = klpl_transition.error;
		klpl_transition.error = 0;
		pr_err("%s: not forced: what it does while everything is stopped failed (%d)\n", patch->name, err);
		return err;
	}
	pr_warn("%s: forced; its module stays for good\n", patch->name);
	patch->forced = true;
	if (klpl_transition.to)
		for_each_replaced(patch, other)
			other->forced = true;
	klpl_tasks_each(move_by_force, NULL);
	klpl_redirect_flip(klpl_transition.to);
	complete_transition(&klpl_transition);
	return 0;
}

int klpl_transition_init(void)
{
	queue = alloc_workqueue("klp_loader", WQ_UNBOUND | WQ_HIGHPRI, 1);
	return queue ? 0 : -ENOMEM;
}

void klpl_transition_exit(void)
{
	cancel_delayed_work_sync(&work);
	destroy_workqueue(queue);
}
