// SPDX-License-Identifier: GPL-2.0-or-later
// A variable that was per CPU and no longer is: its address means something else.
// exit: 2
// says: whether each CPU has its own changed
#include "kernel.h"
#ifdef PATCHED
int hits = 1;
#else
int hits __section(".data..percpu") = 1;
#endif

int uses(int a)
{
#ifdef PATCHED
	a++;
#endif
	return hits + a;
}
