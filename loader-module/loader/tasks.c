// SPDX-License-Identifier: GPL-2.0
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "compat.h"
#include "symbols.h"
#include "tasks.h"

/* Bits of klpl_task.asked: work is under way; it has been woken for it. */
enum { ASKED, WOKEN };

static DEFINE_HASHTABLE(table, 12);
/* Writers. A raw one: entries are also changed under the scheduler's locks. */
static DEFINE_RAW_SPINLOCK(table_lock);
static bool at_start, active;
static void (*crossed_now)(struct klpl_task *task);
static atomic_t works = ATOMIC_INIT(0), births = ATOMIC_INIT(0);

static struct klpl_task *find(const struct task_struct *task)
{
	struct klpl_task *entry;

	hash_for_each_possible_rcu_notrace(table, entry, hashed, (unsigned long)task)
		if (entry->task == task)
			return entry;
	return NULL;
}

struct klpl_task *klpl_tasks_find(const struct task_struct *task)
{
	return find(task);
}

/* By handlers, with preemption disabled. */
notrace bool klpl_tasks_current_is_new(void)
{
	const struct klpl_task *entry = find(current);

	return entry ? READ_ONCE(entry->is_new) : READ_ONCE(at_start);
}

static void free_entry(struct rcu_head *rcu)
{
	struct klpl_task *entry = container_of(rcu, struct klpl_task, rcu);

	put_task_struct(entry->task);
	kfree(entry);
}

/* Who reads an entry under RCU reads its task, too. */
static void put_entry(struct klpl_task *entry)
{
	if (refcount_dec_and_test(&entry->refs))
		call_rcu(&entry->rcu, free_entry);
}

/* False: it is there. */
static bool add_entry(struct klpl_task *entry, struct task_struct *task, bool is_new, bool idle)
{
	unsigned long flags;
	bool added;

	entry->task = task;
	entry->is_new = is_new;
	entry->idle = idle;
	entry->crossed = READ_ONCE(crossed_now);
	refcount_set(&entry->refs, 1);
	raw_spin_lock_irqsave(&table_lock, flags);
	added = !find(task);
	if (added) {
		get_task_struct(task);
		hash_add_rcu(table, &entry->hashed, (unsigned long)task);
	}
	raw_spin_unlock_irqrestore(&table_lock, flags);
	return added;
}

/* One that is there stays as it is. */
static int add_task(struct task_struct *task, bool is_new, bool idle)
{
	struct klpl_task *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	if (!add_entry(entry, task, is_new, idle))
		kfree(entry);
	return 0;
}

/*
 * Without memory the child is left to klpl_tasks_refresh(): until then it is where all were at the start, which holds
 * the end up; and when all have switched, where they are then.
 */
static void add_child(struct task_struct *child, struct klpl_task **fresh)
{
	struct klpl_task *entry;
	bool is_new;

	rcu_read_lock();
	is_new = klpl_tasks_current_is_new();
	if (*fresh && add_entry(*fresh, child, is_new, false)) {
		*fresh = NULL;
	} else {
		/* a refresh found it before: as if it had been born long ago */
		entry = find(child);
		if (entry)
			WRITE_ONCE(entry->is_new, is_new);
	}
	rcu_read_unlock();
	/* who counts the same births before and after a look at the table has seen the entry */
	smp_mb__before_atomic();
	atomic_inc(&births);
	/* and one without an entry sees what was said of it before that count: klpl_tasks_all_are() */
	smp_mb__after_atomic();
}

/*
 * Not preempted: who has read where the parent is has put the child there before anybody moves the parent, for which
 * it must not run; and the table is not let go of before, since that waits for who cannot be preempted.
 */
void klpl_tasks_born(struct task_struct *child)
{
	struct klpl_task *fresh = NULL;

	if (READ_ONCE(active))
		fresh = kzalloc(sizeof(*fresh), GFP_ATOMIC);
	preempt_disable();
	/* the child is listed: either it is seen that we keep a table, or the child by who begins one */
	smp_mb();
	if (READ_ONCE(active))
		add_child(child, &fresh);
	preempt_enable();
	kfree(fresh);
}

unsigned int klpl_tasks_births(void)
{
	unsigned int count = atomic_read(&births);

	/* what is read of the table between two of these is read between them */
	smp_mb();
	return count;
}

bool klpl_tasks_all_are(bool is_new, unsigned int births_before)
{
	bool was = at_start;

	if (klpl_tasks_births() != births_before)
		return false;
	WRITE_ONCE(at_start, is_new);
	/* pairs with the one after the count */
	smp_mb();
	if (klpl_tasks_births() == births_before)
		return true;
	WRITE_ONCE(at_start, was);
	return false;
}

/* As many as there are now; a batch at a time, because memory cannot be had under RCU. */
static int add_missing(void)
{
	struct task_struct *group, *task, *batch[32];
	unsigned int count;
	int err = 0;

	do {
		count = 0;
		rcu_read_lock();
		for_each_process_thread(group, task) {
			if (count == ARRAY_SIZE(batch))
				goto full;
			if (!find(task) && !klpl_task_is_dead(task)) {
				get_task_struct(task);
				batch[count++] = task;
			}
		}
full:
		rcu_read_unlock();
		for (unsigned int i = 0; i < count; i++) {
			if (!err)
				err = add_task(batch[i], at_start, false);
			put_task_struct(batch[i]);
		}
		cond_resched();
	} while (!err && count == ARRAY_SIZE(batch));
	return err;
}

static int add_idle(void)
{
	int cpu, err = 0;

	for_each_possible_cpu(cpu) {
		if (!err)
			err = add_task(klpl_idle_task(cpu), at_start, true);
	}
	return err;
}

static void drop_entries(bool all)
{
	struct klpl_task *entry, *after;
	struct hlist_node *next;
	LIST_HEAD(dropped);
	unsigned long flags;
	int bucket;

	raw_spin_lock_irqsave(&table_lock, flags);
	hash_for_each_safe(table, bucket, next, entry, hashed) {
		if (!all && !klpl_task_is_dead(entry->task))
			continue;
		hash_del_rcu(&entry->hashed);
		list_add(&entry->dropped, &dropped);
	}
	raw_spin_unlock_irqrestore(&table_lock, flags);
	list_for_each_entry_safe(entry, after, &dropped, dropped)
		put_entry(entry);
}

int klpl_tasks_start(bool is_new, void (*crossed)(struct klpl_task *task))
{
	int err;

	WRITE_ONCE(at_start, is_new);
	WRITE_ONCE(crossed_now, crossed);
	/* first the births, so that none falls between */
	WRITE_ONCE(active, true);
	/* pairs with the one of klpl_tasks_born() */
	smp_mb();
	err = add_idle();
	if (!err)
		err = add_missing();
	if (err)
		klpl_tasks_end();
	return err;
}

int klpl_tasks_refresh(void)
{
	drop_entries(false);
	return add_missing();
}

/* False: it was not asked, or is at it. */
static bool withdraw(struct klpl_task *entry)
{
	if (!test_bit(ASKED, &entry->asked) || !klpl_task_work_cancel(entry->task, &entry->work))
		return false;
	clear_bit(ASKED, &entry->asked);
	atomic_dec(&works);
	/* the table has its own, as long as the transition's owner is here */
	refcount_dec(&entry->refs);
	return true;
}

static bool withdraw_each(struct klpl_task *entry, void *data)
{
	withdraw(entry);
	return false;
}

void klpl_tasks_end(void)
{
	WRITE_ONCE(active, false);
	/* those in klpl_tasks_born() */
	synchronize_rcu_expedited();
	klpl_tasks_each(withdraw_each, NULL);
	drop_entries(true);
}

bool klpl_tasks_each(bool (*fn)(struct klpl_task *task, void *data), void *data)
{
	struct klpl_task *entry;
	bool stopped = false;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(table, bucket, entry, hashed) {
		stopped = fn(entry, data);
		if (stopped)
			break;
	}
	rcu_read_unlock();
	return stopped;
}

struct klpl_task *klpl_tasks_of_idle(int cpu)
{
	struct klpl_task *entry;

	rcu_read_lock();
	entry = find(klpl_idle_task(cpu));
	rcu_read_unlock();
	return entry;
}

/* Not only on the way to user space: also in waits of io_uring, for a debugger, and before a guest runs. */
static void do_work(struct callback_head *work)
{
	struct klpl_task *entry = container_of(work, struct klpl_task, work);

	clear_bit(WOKEN, &entry->asked);
	clear_bit(ASKED, &entry->asked);
	/* it may be asked again from here on, and look at what is so then */
	smp_mb__after_atomic();
	/* its own model's, though another one's transition may run by now */
	if (entry->crossed)
		entry->crossed(entry);
	put_entry(entry);
	atomic_dec(&works);
}

static void add_work(struct klpl_task *entry, enum task_work_notify_mode how)
{
	refcount_inc(&entry->refs);
	atomic_inc(&works);
	init_task_work(&entry->work, do_work);
	if (!task_work_add(entry->task, &entry->work, how))
		return;
	/* exiting */
	clear_bit(ASKED, &entry->asked);
	atomic_dec(&works);
	refcount_dec(&entry->refs);
}

void klpl_task_ask(struct klpl_task *entry, bool signal)
{
	if (klpl_task_has_no_border(entry->task))
		return;
	/* one that was asked politely is woken once, if it has not heard */
	if (signal && !test_and_set_bit(WOKEN, &entry->asked) && withdraw(entry)) {
		set_bit(ASKED, &entry->asked);
		add_work(entry, TWA_SIGNAL);
	} else if (!test_and_set_bit(ASKED, &entry->asked)) {
		add_work(entry, signal ? TWA_SIGNAL : TWA_RESUME);
	}
}

/* What was asked for is run or cancelled; and then nobody is on the last lines of do_work(). */
void klpl_tasks_exit(void)
{
	while (atomic_read(&works))
		msleep(20);
	synchronize_rcu_tasks();
	rcu_barrier();
}
