// SPDX-License-Identifier: GPL-2.0-or-later
// A variable that moved here from another file: a copy would part from the one that others use.
// exit: 2
// says: total
// map: D total
#include "kernel.h"
#ifdef PATCHED
int total = 3;
#else
extern int total;
#endif
int uses(int a)
{
#ifdef PATCHED
	a++;
#endif
	return total += a;
}
