/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which tasks have switched in the running transition. There is no room in struct task_struct, so it
 * is a table by its address; a task that is not in it is where all were at the start. Children are
 * born where their parent is, whoever makes them.
 */
#ifndef KLPL_TASKS_H
#define KLPL_TASKS_H

#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "compat.h"

struct klpl_task {
	struct hlist_node hashed;
	struct task_struct *task; /* a reference */
	bool is_new;
	bool idle;
	bool parked; /* waits on its way to user space (model-quiesce.c) */
	/*
	 * It was outside of what has to be left when it had been switched out so often, in that round of the
	 * transition (threads.h).
	 */
	bool was_outside;
	unsigned long switches;
	unsigned int round;
	const char *blocker; /* why it has not switched, when last looked at; or NULL */
	void (*crossed)(struct klpl_task *task);
	refcount_t refs;     /* the table's, and that of work under way */
	unsigned long asked; /* bits, see tasks.c */
	struct callback_head work;
	struct list_head dropped;
	struct rcu_head rcu;
};

/*
 * All tasks at this moment, idle ones too, and from now on those that are born. crossed() is run by a
 * task that klpl_task_ask() was called for, on its way to user space; NULL when none is asked. One that is slow to
 * get there may do so after the end: what crossed() does to its entry then must not matter to anybody.
 */
int klpl_tasks_start(bool is_new, void (*crossed)(struct klpl_task *task));
/* Takes in those that could not be when they were born, and lets go of those that are dead. */
int klpl_tasks_refresh(void);
/*
 * All have switched: who is not in the table is from here on the child of one who has, born when there was no memory.
 * False: one was born since klpl_tasks_births() gave that number, and it is as before; but one for whom there was no memory in just
 * that moment may have used both.
 */
bool klpl_tasks_all_are(bool is_new, unsigned int births);
/* After the last handler that may look has gone. Sleeps. */
void klpl_tasks_end(void);

bool klpl_tasks_current_is_new(void);
/* By the parent, before the child runs for the first time. */
void klpl_tasks_born(struct task_struct *child);
/* How many were born so far. */
unsigned int klpl_tasks_births(void);

/* The entry of a task, under rcu_read_lock() or with all CPUs stopped; or NULL. */
struct klpl_task *klpl_tasks_find(const struct task_struct *task);
/* In no order; fn must not sleep. Stops when fn returns true, and returns that. */
bool klpl_tasks_each(bool (*fn)(struct klpl_task *task, void *data), void *data);

/* The entry of a CPU's idle task; between start and end. */
struct klpl_task *klpl_tasks_of_idle(int cpu);

/* Never goes to user space, or never again: a thread of the kernel, a worker of io_uring or vhost, one that exits. */
static inline bool klpl_task_has_no_border(const struct task_struct *task)
{
	return READ_ONCE(task->flags) & (PF_KTHREAD | PF_EXITING | PF_IO_WORKER | KLPL_PF_USER_WORKER);
}

/* Its last words in __schedule() said, it is not run again. */
static inline bool klpl_task_is_dead(const struct task_struct *task)
{
	return READ_ONCE(task->__state) == TASK_DEAD && !READ_ONCE(task->on_cpu);
}

/*
 * Has the task run crossed() soon; with signal set, an interruptible sleep ends early, with EINTR or a
 * restart.
 */
void klpl_task_ask(struct klpl_task *task, bool signal);

void klpl_tasks_exit(void);

#endif
