// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of the old versions are counted from the moment in which all are redirected; who was inside before is found
 * on the stacks, each task once: found outside, all its later calls are in the count. When all tasks have been, the
 * whole system switches in the moment in which nobody is inside. No CPU is stopped.
 *
 * Interrupts that were inside when it began have ended when the task they came over has been looked at: that one did
 * not run, or was on its way to user space.
 */
#include "count.h"
#include "threads.h"

static bool look(struct klpl_task *task, void *data)
{
	const struct klpl_transition *transition = data;
	bool seen = READ_ONCE(task->is_new) == transition->to;

	/* in the end only to tell who is inside */
	if (!seen || transition->tries > KLPL_PATIENCE)
		klpl_thread_look_at(task);
	if (READ_ONCE(task->is_new) != transition->to && !task->idle)
		klpl_task_ask(task, transition->tries > KLPL_PATIENCE && task->blocker);
	return false;
}

static bool try(struct klpl_transition *transition)
{
	/* it had not switched, and stays where it was */
	if (transition->reversed)
		return true;
	klpl_threads_each(look, transition);
	klpl_threads_idle(transition);
	return klpl_threads_done(transition) && klpl_count_try_switch();
}

const struct klpl_model klpl_model_refcount = {
	.name = "refcount",
	.how = KLPL_SWITCH_COUNT,
	.leave = KLPL_LEAVE_SET,
	.together = KLPL_TOGETHER_KERNEL,
	.begin = klpl_count_start,
	.end = klpl_count_end,
	.tasks = true,
	.try = try,
	.crossed = klpl_thread_crossed,
};
