// SPDX-License-Identifier: GPL-2.0
#include <linux/bsearch.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "stacks.h"
#include "symbols.h"

int klpl_ranges_add(struct klpl_ranges *ranges, unsigned long start, unsigned long size,
		    const char *name)
{
	if (ranges->count == ranges->room) {
		size_t room = ranges->room ? 2 * ranges->room : 16;
		struct klpl_range *items =
			krealloc_array(ranges->items, room, sizeof(*items), GFP_KERNEL);

		if (!items)
			return -ENOMEM;
		ranges->items = items;
		ranges->room = room;
	}
	ranges->items[ranges->count++] = (struct klpl_range){ start, start + size, name };
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct klpl_range *left = a, *right = b;

	return left->start < right->start ? -1 : left->start > right->start;
}

/* What overlaps becomes one, so that a search by halves finds it. Neighbours stay two, each with its name. */
void klpl_ranges_sort(struct klpl_ranges *ranges)
{
	size_t kept = 0;

	sort(ranges->items, ranges->count, sizeof(*ranges->items), by_start, NULL);
	for (size_t i = 0; i < ranges->count; i++) {
		struct klpl_range *last = kept ? &ranges->items[kept - 1] : NULL;

		if (last && ranges->items[i].start < last->end)
			last->end = max(last->end, ranges->items[i].end);
		else
			ranges->items[kept++] = ranges->items[i];
	}
	ranges->count = kept;
}

void klpl_ranges_free(struct klpl_ranges *ranges)
{
	kfree(ranges->items);
	*ranges = (struct klpl_ranges){ };
}

/*
 * Both ends count as inside. A return address may be a function's end, when the last that it does is
 * to call one that does not return; and the start of a new function, while its ftrace trampoline is on
 * the way to it.
 */
static int compare(const void *key, const void *item)
{
	const unsigned long address = *(const unsigned long *)key;
	const struct klpl_range *range = item;

	return address < range->start ? -1 : address > range->end;
}

const struct klpl_range *klpl_ranges_find(const struct klpl_ranges *ranges, unsigned long address)
{
	return bsearch(&address, ranges->items, ranges->count, sizeof(*ranges->items), compare);
}

/*
 * Returns that are hooked, by a kretprobe or by us, are not looked up in a task that could run: 6.1 warns of it, and
 * later kernels take the stack for unreliable.
 */
static bool has_hooked_returns(const struct task_struct *task)
{
#ifdef CONFIG_RETHOOK
	return !llist_empty(&task->rethooks);
#else
	return false;
#endif
}

int klpl_stack_read(struct task_struct *task, unsigned long entries[KLPL_STACK_DEPTH])
{
	if (task != current && task_is_running(task) && has_hooked_returns(task))
		return -EBUSY;
	return klpl_stack_trace(task, entries, KLPL_STACK_DEPTH);
}

const char *klpl_stack_blocker(struct task_struct *task, const struct klpl_ranges *ranges)
{
	unsigned long entries[KLPL_STACK_DEPTH];
	int count = klpl_stack_read(task, entries);

	if (count == -EBUSY)
		return "running, in a function whose return is hooked";
	if (count < 0)
		return "its stack is not reliable";
	for (int i = 0; i < count; i++) {
		const struct klpl_range *range = klpl_ranges_find(ranges, entries[i]);

		if (range)
			return range->name;
	}
	return NULL;
}
