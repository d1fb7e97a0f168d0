// SPDX-License-Identifier: GPL-2.0-or-later
// A table of functions, one of which changed, did not: it leads to the original, as before.
// exit: 0
// says: changed function: open_it
// silent: [changed-data]
#include "kernel.h"

static int open_it(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

static int close_it(int a)
{
	return helper(a) + 2;
}

const struct {
	int (*open)(int), (*close)(int);
} operations = { open_it, close_it };
