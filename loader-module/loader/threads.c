// SPDX-License-Identifier: GPL-2.0
#include <linux/cpu.h>
#include <linux/sched/task_stack.h>
#include <linux/workqueue.h>

#include "exit-path.h"
#include "symbols.h"
#include "threads.h"

void klpl_thread_look_at(struct klpl_task *task)
{
	unsigned int round = klpl_transition_round();
	const char *blocker;

	/* one that is offline sits where no patch is */
	if (task->idle && !cpu_online(task_cpu(task->task))) {
		klpl_transition_move(task, round);
		return;
	}
	blocker = klpl_stack_blocker_any(task->task, klpl_transition_ranges(&klpl_transition));
	WRITE_ONCE(task->blocker, blocker);
	if (!blocker)
		klpl_transition_move(task, round);
}

static int move_stopped(struct task_struct *task, void *data)
{
	unsigned int round = klpl_transition_round();

	if (klpl_exit_path_stopped(task))
		klpl_transition_move(data, round);
	return 0;
}

void klpl_thread_look_if_stopped(struct klpl_task *task)
{
	klpl_task_call_func(task->task, move_stopped, task);
}

/* On a CPU whose idle task therefore does not run. */
static long look_at_idle(void *data)
{
	preempt_disable();
	klpl_thread_look_at(data);
	preempt_enable();
	return 0;
}

void klpl_threads_idle(const struct klpl_transition *transition)
{
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		struct klpl_task *task = klpl_tasks_of_idle(cpu);

		if (task && READ_ONCE(task->is_new) != transition->to)
			work_on_cpu(cpu, look_at_idle, task);
	}
	cpus_read_unlock();
}

static bool is_behind(struct klpl_task *task, void *data)
{
	const struct klpl_transition *transition = data;

	return READ_ONCE(task->is_new) != transition->to;
}

bool klpl_threads_done(const struct klpl_transition *transition)
{
	return !klpl_tasks_refresh() && !klpl_tasks_each(is_behind, (void *)transition);
}
