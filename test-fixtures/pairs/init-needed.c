// SPDX-License-Identifier: GPL-2.0-or-later
// The carried code uses what only the new init code sets up.
// exit: 2
// says: refused: setup (
// says: [init-needed]
#include "kernel.h"

int limit;

__section(".init.text") int setup(int a)
{
#ifdef PATCHED
	limit = 5;
#endif
	return helper(a) + 1;
}

int running(int a)
{
#ifdef PATCHED
	a += limit;
#endif
	return helper(a) + 1;
}
