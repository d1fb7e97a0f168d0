// SPDX-License-Identifier: GPL-2.0-or-later
// Two locals of one name in a changed function, whose order changed: the unchanged user of one
// of them tells which is which.
// exit: 0
// says: changed function: a_first
// silent: changed function: z_last
#include "kernel.h"
static inline __attribute__((always_inline)) int shared(int a)
{
	static int count;

	return count += a;
}

int a_first(int a)
{
	static int count;

#ifdef PATCHED
	count -= helper(a);
	a += shared(a);
#else
	a += shared(a);
	count -= helper(a);
#endif
	return a + count;
}

int z_last(int a)
{
	return shared(a) * 3;
}
