// SPDX-License-Identifier: GPL-2.0
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "blockers.h"
#include "check.h"
#include "exit-path.h"
#include "leaving.h"
#include "symbols.h"
#include "transition.h"

struct check {
	const struct klpl_ranges *ranges;
	enum klpl_leave leave;
	unsigned int tasks, could, untold;
	char *text; /* those who could not */
	size_t size;
	const char *blocker;
};

/* For the first lines, and how many are not told */
#define OTHERS 160
#define NAMES (KLPL_CHECK_TEXT - OTHERS)

/* Of one that runs nothing can be said but that it has to be met elsewhere. */
static const char *blocker_of(const struct check *check, struct task_struct *task)
{
	if (check->leave == KLPL_LEAVE_FUNCTION)
		return NULL;
	if (task->on_cpu && task != current)
		return "running";
	if (check->leave == KLPL_LEAVE_KERNEL && !klpl_task_has_no_border(task) && !klpl_exit_path_holds(task))
		return "has not been in user space";
	return klpl_stack_blocker(task, check->ranges);
}

static int look(struct task_struct *task, void *data)
{
	struct check *check = data;

	check->blocker = blocker_of(check, task);
	return 0;
}

static void add_line(struct check *check, struct task_struct *task)
{
	char line[256], name[KLPL_COMM_SIZE];
	int size = scnprintf(line, sizeof(line), "%d %s %s\n", task_pid_nr(task), klpl_comm(task, name), check->blocker);

	if (check->untold || check->size + size >= NAMES) {
		check->untold++;
		return;
	}
	memcpy(check->text + check->size, line, size + 1);
	check->size += size;
}

static void count(struct check *check, struct task_struct *task)
{
	klpl_task_call_func(task, look, check);
	check->tasks++;
	if (!check->blocker)
		check->could++;
	else
		add_line(check, task);
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
		.leave = patch->model->leave,
		.text = kzalloc(NAMES, GFP_KERNEL),
	};
	size_t size;
	int err = check.text ? klpl_leaving_old(patch, &ranges) : -ENOMEM;

	if (!err) {
		look_at_all(&check);
		size = scnprintf(text, KLPL_CHECK_TEXT, "%s %s\n%u %u\n%s", patch->name, patch->model->name, check.tasks,
				 check.could, check.text);
		if (check.untold)
			scnprintf(text + size, KLPL_CHECK_TEXT - size, "and %u more\n", check.untold);
	}
	klpl_ranges_free(&ranges);
	kfree(check.text);
	return err;
}
