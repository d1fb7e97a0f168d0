// SPDX-License-Identifier: GPL-2.0
/*
 * A task switches when it crosses the border to user space, with nothing of the kernel's on its stack but
 * the way out. Threads of the kernel have no such border: they switch as with the model task, when they
 * sleep outside of the code that has to be left, and idle tasks when their CPU runs something else. Those
 * who sleep in the kernel are woken after a while.
 */
#include "exit-path.h"
#include "threads.h"

static void crossed(struct klpl_task *task)
{
	/* and the way out may be what is patched */
	if (klpl_exit_path_only())
		klpl_thread_crossed(task);
}

static bool get_on(struct klpl_task *task, void *data)
{
	const struct klpl_transition *transition = data;

	if (READ_ONCE(task->is_new) == transition->to)
		return false;
	if (task->idle || klpl_task_has_no_border(task->task)) {
		klpl_thread_look_at(task);
		return false;
	}
	klpl_thread_look_if_stopped(task);
	if (READ_ONCE(task->is_new) == transition->to)
		return false;
	WRITE_ONCE(task->blocker, "has not been in user space");
	klpl_task_ask(task, transition->tries > KLPL_PATIENCE);
	return false;
}

static bool try(struct klpl_transition *transition)
{
	klpl_threads_each(get_on, transition);
	klpl_threads_idle(transition);
	return klpl_threads_done(transition);
}

const struct klpl_model klpl_model_lazy = {
	.name = "lazy",
	.how = KLPL_SWITCH_THREAD,
	.leave = KLPL_LEAVE_KERNEL,
	.together = KLPL_TOGETHER_THREAD,
	.tasks = true,
	.try = try,
	.crossed = crossed,
};
