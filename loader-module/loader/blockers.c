// SPDX-License-Identifier: GPL-2.0
#include "blockers.h"
#include "count.h"
#include "transition.h"

struct blockers {
	void (*tell)(void *data, const struct klpl_task *task);
	void *data;
	unsigned int count;
	bool by_task;
};

const char *klpl_comm(const struct task_struct *task, char text[KLPL_COMM_SIZE])
{
	snprintf(text, KLPL_COMM_SIZE, "%*pE", (int)strnlen(task->comm, TASK_COMM_LEN), task->comm);
	return text;
}

static bool count_blocker(struct klpl_task *task, void *data)
{
	struct blockers *blockers = data;

	/* with a switch for all, a task's own state is not what counts */
	if (blockers->by_task ? READ_ONCE(task->is_new) != READ_ONCE(klpl_transition.to) :
				READ_ONCE(task->blocker) != NULL) {
		blockers->count++;
		if (blockers->tell)
			blockers->tell(blockers->data, task);
	}
	return false;
}

unsigned int klpl_blockers_each(void (*tell)(void *data, const struct klpl_task *task), void *data)
{
	struct blockers blockers = { .tell = tell, .data = data };

	blockers.by_task = klpl_transition_is_by_task() && !READ_ONCE(klpl_transition.emptying);
	klpl_tasks_each(count_blocker, &blockers);
	return blockers.count;
}

static void tell_blocker(void *data, const struct klpl_task *task)
{
	unsigned int *room = data;
	char name[KLPL_COMM_SIZE];

	if (!*room)
		return;
	--*room;
	pr_warn("  %d %s: %s\n", task_pid_nr(task->task), klpl_comm(task->task, name),
		READ_ONCE(task->blocker) ?: "not looked at");
}

void klpl_blockers_log(void)
{
	unsigned int room = 8;

	klpl_blockers_each(tell_blocker, &room);
	if (klpl_transition.patch->model->how == KLPL_SWITCH_COUNT)
		pr_warn("  %lu calls have not returned\n", klpl_count_inside());
}
