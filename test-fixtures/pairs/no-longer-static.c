// SPDX-License-Identifier: GPL-2.0-or-later
// A helper loses its "static", for another object of the patch: that one must find it.
// exit: 0
// says: changed function: tail
// global: tail
#include "kernel.h"
#ifdef PATCHED
#define STATIC
#else
#define STATIC static noinline
#endif
STATIC int tail(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 3;
}

int uses(int a)
{
	return tail(a) * 7;
}
