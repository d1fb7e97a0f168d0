// SPDX-License-Identifier: GPL-2.0-or-later
// The assembler resolved a sibling call inside of a hand-placed section to a jump of two bytes.
// exit: 2
// says: one_more
#include "kernel.h"
static noinline __section(".sched.text") int target(int a)
{
	return helper(a) + 7;
}

__section(".sched.text") int one_more(int a)
{
#ifdef PATCHED
	a += 3;
#endif
	return target(a + 1);
}

__section(".sched.text") int others(int a)
{
	return target(a) + 1;
}
