// SPDX-License-Identifier: GPL-2.0
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "check.h"
#include "leaving.h"
#include "symbols.h"
#include "transition.h"

struct check {
	const struct klpl_ranges *ranges;
	unsigned int tasks, could;
	char *text; /* those who could not */
	size_t size;
	const char *blocker;
};

/* Of one that runs nothing can be said but that it has to be met elsewhere. */
static int look(struct task_struct *task, void *data)
{
	struct check *check = data;
	bool runs = task->on_cpu && task != current;

	check->blocker = runs ? "running" : klpl_stack_blocker(task, check->ranges);
	return 0;
}

static void count(struct check *check, struct task_struct *task)
{
	klpl_task_call_func(task, look, check);
	check->tasks++;
	if (!check->blocker)
		check->could++;
	else
		check->size += scnprintf(check->text + check->size, KLPL_CHECK_TEXT / 2 - check->size, "%d %s %s\n",
					 task_pid_nr(task), task->comm, check->blocker);
}

static void look_at_all(struct check *check)
{
	struct task_struct *group, *task;

	rcu_read_lock();
	for_each_process_thread(group, task)
		count(check, task);
	rcu_read_unlock();
}

int klpl_check(const struct klpl_patch *patch, char text[KLPL_CHECK_TEXT])
{
	struct klpl_ranges ranges = { };
	struct check check = {
		.ranges = &ranges,
		.text = kzalloc(KLPL_CHECK_TEXT / 2, GFP_KERNEL),
	};
	int err = check.text ? klpl_leaving_old(patch, &ranges) : -ENOMEM;

	if (!err) {
		look_at_all(&check);
		scnprintf(text, KLPL_CHECK_TEXT, "%s %s\n%u %u\n%s", patch->name, patch->model->name, check.tasks,
			  check.could, check.text);
	}
	klpl_ranges_free(&ranges);
	kfree(check.text);
	return err;
}
