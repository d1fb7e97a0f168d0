// SPDX-License-Identifier: GPL-2.0
/*
 * Inside the stop nothing may sleep, lock, allocate or change code: stacks are read and one word is
 * written. An NMI in between sees the word before or after. All tasks but the CPUs' stoppers are
 * switched out: an interrupted one too, with its registers on its stack.
 */
#include <linux/cpu.h>
#include <linux/sched/signal.h>
#include <linux/stop_machine.h>
#include <linux/timekeeping.h>

#include "objects.h"
#include "redirect.h"
#include "stop.h"
#include "symbols.h"
#include "tasks.h"
#include "threads.h"

struct stop {
	const struct klpl_ranges *ranges; /* NULL: nobody is looked at */
	struct klpl_transition *transition; /* NULL: it is not about the moment of a switch */
	bool (*may)(struct task_struct *task);
	u64 ns;
	unsigned int walked;
};

static bool is_idle(const struct task_struct *task)
{
	return task == klpl_idle_task(task_cpu(task));
}

static bool is_clean(struct stop *stop, struct task_struct *task)
{
	struct klpl_task *entry = klpl_tasks_find(task);
	const char *blocker;

	/* the stoppers are in the middle of this, and in nothing else */
	if (task->on_cpu)
		return true;
	if (stop->may && !is_idle(task) && !klpl_task_has_no_border(task) && !stop->may(task))
		return false;
	if (stop->transition && entry && klpl_thread_is_outside(entry))
		return true;
	stop->walked++;
	blocker = klpl_stack_blocker(task, stop->ranges);
	if (entry)
		WRITE_ONCE(entry->blocker, blocker);
	return !blocker;
}

/* One that has left the list, and runs its last lines: its entry stays until it never runs again. */
static bool is_last_and_inside(struct klpl_task *entry, void *stop)
{
	return !entry->idle && !pid_alive(entry->task) && !klpl_task_is_dead(entry->task) && !is_clean(stop, entry->task);
}

static bool is_all_clean(struct stop *stop)
{
	struct task_struct *group, *task;
	int cpu;

	for_each_process_thread(group, task)
		if (!is_clean(stop, task))
			return false;
	for_each_online_cpu(cpu)
		if (!is_clean(stop, klpl_idle_task(cpu)))
			return false;
	return !klpl_tasks_each(is_last_and_inside, stop);
}

static int look_and_flip(struct stop *stop)
{
	if (stop->ranges && !is_all_clean(stop))
		return -EAGAIN;
	if (!stop->transition)
		return 0;
	stop->transition->error = klpl_objects_switch(stop->transition->patch, stop->transition->to);
	if (stop->transition->error)
		return -EAGAIN;
	klpl_redirect_flip(stop->transition->to);
	return 0;
}

static int in_stop(void *data)
{
	struct stop *stop = data;
	u64 start = ktime_get_mono_fast_ns();
	int err = look_and_flip(stop);

	stop->ns = ktime_get_mono_fast_ns() - start;
	return err;
}

static bool look(struct stop stop)
{
	int err = stop_machine(in_stop, &stop, NULL);

	if (stop.transition) {
		stop.transition->stopped_ns = stop.ns;
		stop.transition->walked = stop.walked;
	}
	return !err;
}

bool klpl_stop_is_left(const struct klpl_ranges *ranges)
{
	return look((struct stop){ .ranges = ranges });
}

bool klpl_stop_and_flip(struct klpl_transition *transition, bool (*may)(struct task_struct *task))
{
	return look((struct stop){ .ranges = klpl_transition_ranges(transition),
				   .transition = transition,
				   .may = may });
}

bool klpl_stop_and_force(struct klpl_transition *transition)
{
	return look((struct stop){ .transition = transition });
}
