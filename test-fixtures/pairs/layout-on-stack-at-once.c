// SPDX-License-Identifier: GPL-2.0-or-later
// With everything switched in one moment, in which nobody is in the code that has it, nothing of it lives.
// option: --layout
// option: --backend=loader
// option: --at-once
// exit: 0
// says: note: struct work
// says: lives only on the stack of outer()
// silent: refused
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
