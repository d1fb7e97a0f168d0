// SPDX-License-Identifier: GPL-2.0
/*
 * Inside the stop nothing may sleep, lock, allocate or change code: stacks are read and one word is
 * written. An NMI in between sees the word before or after. All tasks but the CPUs' stoppers are
 * switched out: an interrupted one too, with its registers on its stack.
 */
#include <linux/cpu.h>
#include <linux/sched/signal.h>
#include <linux/stop_machine.h>

#include "redirect.h"
#include "stop.h"
#include "symbols.h"
#include "tasks.h"

struct stop {
	const struct klpl_ranges *ranges;
	bool flip, to;
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

static int look_and_flip(void *data)
{
	struct task_struct *group, *task;
	struct stop *stop = data;
	int cpu;

	for_each_process_thread(group, task)
		if (!is_clean(stop, task))
			return -EAGAIN;
	for_each_online_cpu(cpu)
		if (!is_clean(stop, klpl_idle_task(cpu)))
			return -EAGAIN;
	if (stop->flip)
		klpl_redirect_flip(stop->to);
	return 0;
}

bool klpl_stop_is_left(const struct klpl_ranges *ranges)
{
	struct stop stop = { .ranges = ranges };

	return !stop_machine(look_and_flip, &stop, NULL);
}

bool klpl_stop_and_flip(const struct klpl_ranges *ranges, bool flipped)
{
	struct stop stop = { .ranges = ranges, .flip = true, .to = flipped };

	return !stop_machine(look_and_flip, &stop, NULL);
}

bool klpl_stop_and_flip_if(const struct klpl_ranges *ranges, bool flipped, bool (*may)(struct task_struct *task))
{
	struct stop stop = { .ranges = ranges, .flip = true, .to = flipped, .may = may };

	return !stop_machine(look_and_flip, &stop, NULL);
}
