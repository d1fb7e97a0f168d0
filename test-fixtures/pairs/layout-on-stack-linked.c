// SPDX-License-Identifier: GPL-2.0-or-later
// Others find it by its link, while some tasks run the old code and some the new.
// option: --layout
// exit: 2
// says: refused: struct work
// says: it lives only on the stack of outer(), where tasks that run the new code may come to those of old code
// says: [layout-on-stack]
#include "kernel.h"

struct link {
	struct link *next;
};

extern struct link *waiting;

struct work {
	struct link link;
	long a;
#ifdef PATCHED
	long more;
#endif
	int b;
};

static noinline int inner(struct work *work)
{
	return helper(work->b) + (int)work->a;
}

int outer(int a)
{
	struct work work = { .link.next = waiting, .a = a, .b = a * 3 };

	waiting = &work.link;
	return inner(&work) + 1;
}
