// SPDX-License-Identifier: GPL-2.0-or-later
// exit: 2
// says: refused: counting (
// says: [removed-static]
#include "kernel.h"

int counting(int a)
{
#ifndef PATCHED
	static int count;

	a += count++;
#endif
	return helper(a) + 1;
}
