// SPDX-License-Identifier: GPL-2.0-or-later
// A function inlines another helper than before, and both have a static local of one name.
// exit: 2
// says: count
// no-undefined: .klp.ref.vmlinux.vmlinux.count.0,0
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
	return second_helper(a) + 1;
#else
	return first_helper(a) + 1;
#endif
}
