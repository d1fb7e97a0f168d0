// SPDX-License-Identifier: GPL-2.0-or-later
// The static variable lost its last user: what it holds has no effect any more.
// exit: 0
// says: note: counting (
// says: no longer uses its static variable
// says: changed function: counting
// symbol: counting
#include "kernel.h"

int counting(int a)
{
#ifndef PATCHED
	static int count;

	a += count++;
#endif
	return helper(a) + 1;
}
