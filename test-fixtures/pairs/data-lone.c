// SPDX-License-Identifier: GPL-2.0-or-later
// A lone number that the object only reads, in a data object that is never written elsewhere.
// option: --data=apply
// option: --explain
// exit: 0
// says: applied variable: limit
// says: 0x4 becomes 0x5
// section: .klpkit.data 48
#include "kernel.h"

#ifdef PATCHED
static volatile int limit = 5;
#else
static volatile int limit = 4;
#endif

int look(int a)
{
	return helper(a) + limit;
}
