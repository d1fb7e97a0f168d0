// SPDX-License-Identifier: GPL-2.0
/*
 * The tasks of users are parked one by one on their way to user space. When all are, and threads of the
 * kernel and idle tasks are out of the code that has to be left, the whole system switches at once, and
 * all go on.
 *
 * A task that waits for a parked one (the client of a FUSE server, the parent of a vfork) does not get
 * there: nobody is kept for longer than a short time, and it is tried again later, when they may stand
 * otherwise; they go on for at least as long as they were kept. Parked ones wait here with nothing of the
 * kernel's below them but the way out, so they hold no lock. A patch of that way itself (get_signal() above
 * all) is for another model: whoever is parked is in it, and it is never enabled by this one, which says so.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/wait.h>

#include "exit-path.h"
#include "stop.h"
#include "threads.h"

static unsigned int park_ms = 500;
module_param(park_ms, uint, 0644);
MODULE_PARM_DESC(park_ms, "How long tasks are kept at the border to user space, at most, by the model quiesce");

/* Odd while tasks are parked. */
static unsigned int parking;
static DECLARE_WAIT_QUEUE_HEAD(queue);

static void crossed(struct klpl_task *task)
{
	unsigned int mine = READ_ONCE(parking);

	if (!(mine & 1) || !klpl_exit_path_only())
		return;
	WRITE_ONCE(task->parked, true);
	/* not for ever, whatever becomes of who should open the gate */
	wait_event_timeout(queue, READ_ONCE(parking) != mine, 2 * msecs_to_jiffies(park_ms) + 1);
	WRITE_ONCE(task->parked, false);
}

/* With all CPUs stopped. One that is stopped anyway goes on when it may, in what is there then. */
static bool is_parked(struct task_struct *task)
{
	const struct klpl_task *entry = klpl_tasks_find(task);

	return (entry && READ_ONCE(entry->parked)) || klpl_exit_path_stopped(task);
}

struct count {
	const struct klpl_transition *transition;
	unsigned int missing;
};

static bool ask(struct klpl_task *task, void *data)
{
	struct count *count = data;

	WRITE_ONCE(task->blocker, NULL);
	if (task->idle || klpl_task_has_no_border(task->task) || READ_ONCE(task->parked) ||
	    READ_ONCE(task->task->__state) & (__TASK_STOPPED | __TASK_TRACED))
		return false;
	count->missing++;
	WRITE_ONCE(task->blocker, "has not been in user space");
	klpl_task_ask(task, true);
	return false;
}

static bool park_all(const struct klpl_transition *transition)
{
	unsigned long end = jiffies + msecs_to_jiffies(park_ms);
	struct count count;

	do {
		count = (struct count){ .transition = transition };
		/* those born meanwhile too */
		if (!klpl_tasks_refresh())
			klpl_tasks_each(ask, &count);
		if (!count.missing)
			return true;
		usleep_range(500, 1000);
	} while (time_before(jiffies, end));
	return false;
}

static bool try(struct klpl_transition *transition)
{
	unsigned long start = jiffies;
	bool done;

	if (klpl_redirect_flipped() == transition->to)
		return true;
	WRITE_ONCE(parking, parking + 1);
	done = park_all(transition) && klpl_stop_and_flip(transition, is_parked);
	WRITE_ONCE(parking, parking + 1);
	wake_up_all(&queue);
	transition->rest_ms = jiffies_to_msecs(jiffies - start);
	return done;
}

const struct klpl_model klpl_model_quiesce = {
	.name = "quiesce",
	.how = KLPL_SWITCH_KERNEL,
	.leave = KLPL_LEAVE_KERNEL,
	.together = KLPL_TOGETHER_KERNEL,
	.at_once = true,
	.by_worker = true,
	.tasks = true,
	.try = try,
	.crossed = crossed,
};
