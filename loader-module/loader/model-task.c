// SPDX-License-Identifier: GPL-2.0
/*
 * Each task switches when it is in none of the code that has to be left: one that sleeps, when its stack
 * is found to be so; one that runs is asked to look at itself on its way to user space; an idle one is
 * looked at while its CPU runs something else. Whoever sleeps inside is woken early after a while.
 */
#include "threads.h"

static bool get_on(struct klpl_task *task, void *data)
{
	const struct klpl_transition *transition = data;

	if (READ_ONCE(task->is_new) == transition->to)
		return false;
	klpl_thread_look_at(task);
	if (READ_ONCE(task->is_new) != transition->to && !task->idle)
		klpl_task_ask(task, transition->tries > KLPL_PATIENCE && task->blocker);
	return false;
}

static bool try(struct klpl_transition *transition)
{
	klpl_threads_each(get_on, transition);
	klpl_threads_idle(transition);
	return klpl_threads_done(transition);
}

const struct klpl_model klpl_model_task = {
	.name = "task",
	.how = KLPL_SWITCH_THREAD,
	.leave = KLPL_LEAVE_SET,
	.together = KLPL_TOGETHER_THREAD,
	.tasks = true,
	.try = try,
	.crossed = klpl_thread_crossed,
};
