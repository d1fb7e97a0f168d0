// SPDX-License-Identifier: GPL-2.0
/*
 * Inside the stop nothing may sleep, lock, allocate or change code: stacks are read and one word is
 * written. An NMI in between sees the word before or after. All tasks but the CPUs' stoppers are
 * switched out: an interrupted one too, with its registers on its stack.
 */
#include <linux/cpu.h>
#include <linux/sched/signal.h>
#include <linux/stop_machine.h>

#include "objects.h"
#include "redirect.h"
#include "stop.h"
#include "symbols.h"
#include "tasks.h"

struct stop {
	const struct klpl_ranges *ranges; /* NULL: nobody is looked at */
	struct klpl_transition *transition; /* NULL: it is not about the moment of a switch */
	bool (*may)(struct task_struct *task);
	const char *blocker;
	struct task_struct *task;
};

static bool is_idle(const struct task_struct *task)
{
	return task == klpl_idle_task(task_cpu(task));
}

static bool is_clean(struct stop *stop, struct task_struct *task)
{
	/* the stoppers are in the middle of this, and in nothing else */
	if (task->on_cpu)
		return true;
	stop->task = task;
	if (stop->may && !is_idle(task) && !klpl_task_has_no_border(task) && !stop->may(task)) {
		stop->blocker = "has not been in user space";
		return false;
	}
	stop->blocker = klpl_stack_blocker(task, stop->ranges);
	return !stop->blocker;
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
	return true;
}

static int look_and_flip(void *data)
{
	struct stop *stop = data;

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

static bool look(struct stop stop)
{
	return !stop_machine(look_and_flip, &stop, NULL);
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
