// SPDX-License-Identifier: GPL-2.0-or-later
// Who runs the function that it is handed to, and in whose name, is not known.
// option: --layout
// exit: 2
// says: refused: struct work
// says: it lives only on the stack of outer(), where tasks that run the new code may come to those of old code
// says: [layout-on-stack]
#include "kernel.h"

struct work {
	long a;
#ifdef PATCHED
	long more;
#endif
	int b;
};

int run_elsewhere(int (*function)(void *data), void *data);

static int inner(void *data)
{
	struct work *work = data;

	return helper(work->b) + (int)work->a;
}

int outer(int a)
{
	struct work work = { .a = a, .b = a * 3 };

	return run_elsewhere(inner, &work) + 1;
}
