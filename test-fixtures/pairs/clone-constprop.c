// SPDX-License-Identifier: GPL-2.0-or-later
// A change inside of a compiler-made clone changes the clone, and nothing else.
// exit: 0
// says: changed function: worker.constprop.0
// silent: changed function: caller
// symbol: worker.constprop.0
#include "kernel.h"

static noinline int worker(int a, int mode)
{
	int i, sum = 0;

	for (i = 0; i < a; i++)
#ifdef PATCHED
		sum += helper(i + mode) * 5;
#else
		sum += helper(i + mode) * 3;
#endif
	return sum;
}

int caller(int a)
{
	return worker(a, 9) + 1;
}

int other_caller(int a)
{
	return worker(a + 1, 9) + 2;
}
