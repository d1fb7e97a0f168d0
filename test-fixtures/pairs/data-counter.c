// SPDX-License-Identifier: GPL-2.0-or-later
// Code writes to it: it may not hold its initial contents any more.
// option: --data=apply
// exit: 2
// says: refused: count (
// says: bump() writes to it
#include "kernel.h"

#ifdef PATCHED
int count = 5;
#else
int count = 4;
#endif

int bump(void)
{
	return helper(count++);
}
