// SPDX-License-Identifier: GPL-2.0-or-later
// What was inlined brings a change into a function: the way is told, and the lines of its source.
// option: --explain
// exit: 0
// says: caller (
// says: inlined-explained.c:26-31): its code differs, first in code of inner, inlined by way of outer
#include "kernel.h"

static inline __attribute__((always_inline)) int inner(int a)
{
	a = helper(a);
#ifdef PATCHED
	return a ^ 0x55;
#else
	return a ^ 0x33;
#endif
}

static inline __attribute__((always_inline)) int outer(int a)
{
	int b = helper(a + 1);

	return inner(b) + 3;
}

int caller(int a)
{
	if (a > 4)
		a = outer(a);
	return helper(a) - 4;
}
