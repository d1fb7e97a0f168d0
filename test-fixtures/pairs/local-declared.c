// SPDX-License-Identifier: GPL-2.0-or-later
// Two locals of one name in code that changed all over: their functions tell them apart.
// exit: 0
// says: changed function: uses
// undefined: .klp.ref.vmlinux.vmlinux.count.0,0
// undefined: .klp.ref.vmlinux.vmlinux.count.1,0
#include "kernel.h"
static inline __attribute__((always_inline)) int first_helper(int a)
{
	static int count;

	return count += a;
}

static inline __attribute__((always_inline)) int second_helper(int a)
{
	static int count;

	return helper(count) - a++ * count++;
}

int uses(int a)
{
#ifdef PATCHED
	a = second_helper(a) + helper(a);
	a *= first_helper(a + 3);
	return a;
#else
	return first_helper(a) + second_helper(a) + 1;
#endif
}
