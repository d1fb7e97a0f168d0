// SPDX-License-Identifier: GPL-2.0-or-later
// A variable that leaves read-only memory: the live one cannot be written to.
// exit: 2
// says: limits
// says: whether it is read-only changed
#include "kernel.h"
#ifdef PATCHED
#define MAYBE_CONST
#else
#define MAYBE_CONST const
#endif
MAYBE_CONST int limits[4] = { 1, 2, 3, 4 };

int uses(int a)
{
#ifdef PATCHED
	limits[a & 3] = a;
#endif
	return limits[a & 3] + 1;
}
