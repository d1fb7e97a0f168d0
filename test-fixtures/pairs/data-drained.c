// SPDX-License-Identifier: GPL-2.0-or-later
// The author says how the new method drains: the patch can be removed.
// option: --data=apply
// exit: 0
// says: applied variable: ops
// says: its author declared how it drains
// silent: permanent
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

static void drain(void)
{
	helper(1);
}

static const __used __section(".klpkit.author.drains") void *const record[2] = {
	(void *)ops_flush, (void *)drain
};
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
