// SPDX-License-Identifier: GPL-2.0-or-later
// The change is in a function that exists inlined only.
// exit: 0
// says: changed function: caller
// silent: twice
#include "kernel.h"

static inline __attribute__((always_inline)) int twice(int a)
{
#ifdef PATCHED
	return helper(a) * 5;
#else
	return helper(a) * 2;
#endif
}

int caller(int a)
{
	return helper(twice(a) ^ 3) + 1;
}
