// SPDX-License-Identifier: GPL-2.0
#include <linux/cpu.h>
#include <linux/sched/task_stack.h>
#include <linux/workqueue.h>

#include "exit-path.h"
#include "stop.h"
#include "symbols.h"
#include "threads.h"

static const char *const runs = "running";

struct look {
	struct klpl_task *task;
	unsigned int round;
};

/* While the task is kept from running: it is moved before it can get in again. */
static int look_and_move(struct task_struct *task, void *data)
{
	struct look *look = data;
	const char *blocker = runs;

	if (!task->on_cpu || task == current)
		blocker = klpl_stack_blocker(task, klpl_transition_ranges(&klpl_transition));
	WRITE_ONCE(look->task->blocker, blocker);
	if (!blocker)
		klpl_transition_move(look->task, look->round);
	return 0;
}

void klpl_thread_look_at(struct klpl_task *task)
{
	struct look look = { .task = task, .round = klpl_transition_round() };

	/* one that is offline sits where no patch is */
	if (task->idle && !cpu_online(task_cpu(task->task)))
		klpl_transition_move(task, look.round);
	else
		klpl_task_call_func(task->task, look_and_move, &look);
}

/* Each time that one is switched out is counted. */
static unsigned long switches(const struct task_struct *task)
{
	return READ_ONCE(task->nvcsw) + READ_ONCE(task->nivcsw);
}

static int note(struct task_struct *task, void *data)
{
	struct klpl_task *entry = data;

	WRITE_ONCE(entry->blocker, task->on_cpu ? runs :
			   klpl_stack_blocker(task, klpl_transition_ranges(&klpl_transition)));
	entry->was_outside = !entry->blocker;
	entry->switches = switches(task);
	entry->round = klpl_transition_round();
	return 0;
}

static void note_one(struct klpl_task *task)
{
	klpl_task_call_func(task->task, note, task);
}

static bool note_each(struct klpl_task *task, void *data)
{
	note_one(task);
	return false;
}

static bool sleeps_inside(struct klpl_task *task, void *data)
{
	return task->blocker && !task->idle && task->blocker != runs;
}

bool klpl_threads_sleep_inside(struct klpl_transition *transition)
{
	/* without memory for one that is new its stack is read in the stop */
	klpl_tasks_refresh();
	klpl_threads_each(note_each, transition);
	return klpl_tasks_each(sleeps_inside, NULL);
}

bool klpl_threads_have_left(struct klpl_transition *transition)
{
	return !klpl_threads_sleep_inside(transition) && klpl_stop_is_left(klpl_transition_ranges(transition));
}

bool klpl_thread_is_outside(const struct klpl_task *task)
{
	return task->was_outside && task->round == klpl_transition_round() && task->switches == switches(task->task);
}

/*
 * It is not always just on its way out (see tasks.c), so it looks at its stack as
 * anybody else would. RCU keeps the ranges.
 */
void klpl_thread_crossed(struct klpl_task *task)
{
	unsigned int round;

	rcu_read_lock();
	round = klpl_transition_round();
	if (klpl_transition_is_live() && READ_ONCE(task->is_new) != klpl_transition.to &&
	    !klpl_stack_blocker(current, klpl_transition_ranges(&klpl_transition)))
		klpl_transition_move(task, round);
	rcu_read_unlock();
}

/* A CPU that is on its way up runs its idle task, and is not online yet. */
void klpl_threads_each(bool (*fn)(struct klpl_task *task, void *data), struct klpl_transition *transition)
{
	cpus_read_lock();
	klpl_tasks_each(fn, transition);
	cpus_read_unlock();
}

static int move_stopped(struct task_struct *task, void *data)
{
	unsigned int round = klpl_transition_round();

	/* the way out may be what is patched */
	if (klpl_exit_path_stopped(task) && !klpl_stack_blocker(task, klpl_transition_ranges(&klpl_transition)))
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
	unsigned int births = klpl_tasks_births();

	/* a child may be put where this has looked already, by a parent that switches before it is looked at */
	return !klpl_tasks_refresh() && !klpl_tasks_each(is_behind, (void *)transition) &&
	       klpl_tasks_all_are(transition->to, births);
}
