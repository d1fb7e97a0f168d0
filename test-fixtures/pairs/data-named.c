// SPDX-License-Identifier: GPL-2.0-or-later
// Without the option the refusal names it.
// exit: 2
// says: [changed-data]
// says: --data=apply
#include "kernel.h"

struct ops {
	int (*open)(int);
	int (*flush)(int);
};

static int ops_open(int a)
{
	return helper(a);
}

#ifdef PATCHED
static int ops_flush(int a)
{
	return helper(a) + 4;
}
#endif

static const struct ops ops = {
	.open = ops_open,
#ifdef PATCHED
	.flush = ops_flush,
#endif
};

void use(const struct ops *ops);

void start(void)
{
	use(&ops);
}
