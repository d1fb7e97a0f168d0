// SPDX-License-Identifier: GPL-2.0
/*
 * Each task switches when it is in none of the code that has to be left: one that sleeps, when its stack
 * is found to be so; one that runs is asked to look at itself on its way to user space; an idle one is
 * looked at while its CPU runs something else. Whoever sleeps inside is woken early after a while.
 */
#include <linux/cpu.h>
#include <linux/sched/task_stack.h>
#include <linux/workqueue.h>

#include "symbols.h"
#include "transition.h"

/* Tries before those who sleep inside are woken. */
#define PATIENCE 20

static void look_at(struct klpl_task *task)
{
	unsigned int round = klpl_transition_round();
	const char *blocker = klpl_stack_blocker_any(task->task, klpl_transition_ranges(&klpl_transition));

	WRITE_ONCE(task->blocker, blocker);
	if (!blocker)
		klpl_transition_move(task, round);
}

/*
 * By the task itself. It is not always just on its way out (see tasks.c), so it looks at its stack as
 * anybody else would. RCU keeps the ranges.
 */
static void crossed(struct klpl_task *task)
{
	unsigned int round;

	rcu_read_lock();
	round = klpl_transition_round();
	if (klpl_transition_is_live() && READ_ONCE(task->is_new) != klpl_transition.to &&
	    !klpl_stack_blocker(current, klpl_transition_ranges(&klpl_transition)))
		klpl_transition_move(task, round);
	rcu_read_unlock();
}

static bool get_on(struct klpl_task *task, void *data)
{
	const struct klpl_transition *transition = data;

	if (READ_ONCE(task->is_new) == transition->to)
		return false;
	/* one that is offline sits where no patch is */
	if (task->idle && !cpu_online(task_cpu(task->task))) {
		klpl_transition_move(task, klpl_transition_round());
		return false;
	}
	look_at(task);
	if (READ_ONCE(task->is_new) != transition->to && !task->idle)
		klpl_task_ask(task, transition->tries > PATIENCE && task->blocker);
	return false;
}

/* On a CPU whose idle task therefore does not run. */
static long look_at_idle(void *data)
{
	struct klpl_task *task = data;

	preempt_disable();
	look_at(task);
	preempt_enable();
	return 0;
}

static void wake_idle(void)
{
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		struct klpl_task *task = klpl_tasks_of_idle(cpu);

		if (task && READ_ONCE(task->is_new) != klpl_transition.to)
			work_on_cpu(cpu, look_at_idle, task);
	}
	cpus_read_unlock();
}

static bool is_behind(struct klpl_task *task, void *data)
{
	const struct klpl_transition *transition = data;

	return READ_ONCE(task->is_new) != transition->to;
}

static bool try(struct klpl_transition *transition)
{
	klpl_tasks_each(get_on, transition);
	wake_idle();
	/* those born without memory for them are found here, and are behind */
	return !klpl_tasks_refresh() && !klpl_tasks_each(is_behind, transition);
}

const struct klpl_model klpl_model_task = {
	.name = "task",
	.how = KLPL_SWITCH_THREAD,
	.try = try,
	.crossed = crossed,
};
