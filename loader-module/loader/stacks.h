/* SPDX-License-Identifier: GPL-2.0 */
/* Is some code on a task's stack? */
#ifndef KLPL_STACKS_H
#define KLPL_STACKS_H

#include <linux/sched.h>
#include <linux/types.h>

struct klpl_range {
	unsigned long start, end;
	const char *name;
};

/* Ranges of code; once they are sorted, in order of their starts, and none overlaps another. */
struct klpl_ranges {
	struct klpl_range *items;
	size_t count, room;
};

int klpl_ranges_add(struct klpl_ranges *ranges, unsigned long start, unsigned long size,
		    const char *name);
void klpl_ranges_sort(struct klpl_ranges *ranges);
/* The range that has the address, its ends included; NULL when none has. Of sorted ones. */
const struct klpl_range *klpl_ranges_find(const struct klpl_ranges *ranges, unsigned long address);
void klpl_ranges_free(struct klpl_ranges *ranges);

/* Longer ones are not understood, and count as not clean. */
#define KLPL_STACK_DEPTH 96

/*
 * NULL: none of the code is there. Else why that cannot be said: the code's name, or "running..." or "its
 * stack is not reliable".
 *
 * Of a task that does not run now or cannot (the caller itself; with all CPUs stopped; with the
 * scheduler's locks held).
 */
const char *klpl_stack_blocker(struct task_struct *task, const struct klpl_ranges *ranges);
/*
 * Of the same tasks, the return addresses: how many; -EBUSY of one that could run and has returns hooked; or another error if
 * they are not reliable.
 */
int klpl_stack_read(struct task_struct *task, unsigned long entries[KLPL_STACK_DEPTH]);

#endif
