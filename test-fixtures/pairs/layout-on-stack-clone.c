// SPDX-License-Identifier: GPL-2.0-or-later
// The compiler has made a clone of the function that allocates one: it lives there, too.
// option: --layout
// exit: 2
// says: refused: struct work
// says: what lives already comes from 
// says: make(), which calls kmalloc()
// says: [layout]
#include "kernel.h"

struct work {
	long a;
#ifdef PATCHED
	long more;
#endif
	int b;
};

void *kmalloc(unsigned long size, int flags);
void keep(void *what);

static noinline int inner(struct work *work)
{
	return helper(work->b) + (int)work->a;
}

static noinline void make(long a, int always)
{
	struct work *work = kmalloc(sizeof(*work), always);

	work->a = a;
	work->b = always;
	keep(work);
}

int outer(int a)
{
	struct work work = { .a = a, .b = a * 3 };

	make(a, 5);
	return inner(&work) + 1;
}

int other(int a)
{
	make(a + 1, 5);
	return a;
}
