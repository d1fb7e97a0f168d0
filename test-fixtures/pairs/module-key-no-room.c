// SPDX-License-Identifier: GPL-2.0-or-later
// A jump that has no long form may not reach over a test of a module's key: the jump label is refused.
// exit: 2
// parent: some_module
// says: [module-jump-label]
// says: a_key
#include "kernel.h"
struct static_key a_key;

int special(int a)
{
	int count = a;

	if (static_branch(&a_key))
		a = helper(a) + 2;
	asm volatile("jrcxz 1f\n incl %0\n1:" : "+r"(count) : "c"(a));
#ifdef PATCHED
	a += helper(3);
#endif
	return a + count;
}
