// SPDX-License-Identifier: GPL-2.0-or-later
// It lives on stacks only, and all that use it are replaced: none of the old ones outlives them.
// option: --layout
// exit: 0
// says: note: struct work
// says: lives only on the stack of outer()
// says: changed function: outer
// silent: refused
#include "kernel.h"

struct work {
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
	struct work work = { .a = a, .b = a * 3 };

	return inner(&work) + 1;
}
