// SPDX-License-Identifier: GPL-2.0-or-later
// It is handed over by a function of its own; what is sorted with a function is not.
// option: --layout
// exit: 2
// says: refused: struct work
// says: it lives only on the stack of outer(), where tasks that run the new code may come to those of old code
// says: note: struct range
// says: lives only on the stack of sorted(), and all that use it are replaced
#include "kernel.h"

struct work {
	long a;
#ifdef PATCHED
	long more;
#endif
	int b;
};

struct range {
	long from;
#ifdef PATCHED
	long more;
#endif
	int to;
};

int run_elsewhere(int (*function)(void *data), void *data);
void sort(void *base, unsigned long count, unsigned long size, int (*compare)(const void *, const void *));

static int inner(void *data)
{
	struct work *work = data;

	return helper(work->b) + (int)work->a;
}

static noinline int across(int cpu, int (*function)(void *data), void *data)
{
	if (cpu > 3)
		return -1;
	return run_elsewhere(function, data) + 1;
}

int outer(int a)
{
	struct work work = { .a = a, .b = a * 3 };

	return across(a, inner, &work) + 1;
}

static noinline int length(struct range *range)
{
	return helper(range->to) - (int)range->from;
}

int compare(const void *a, const void *b);

int sorted(int *numbers, int a)
{
	struct range range = { .from = a, .to = a * 3 };

	sort(numbers, 3, sizeof(*numbers), compare);
	return length(&range) + 1;
}
