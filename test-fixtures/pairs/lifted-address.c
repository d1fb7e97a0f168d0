// SPDX-License-Identifier: GPL-2.0-or-later
// Whoever has its address may call it.
// exit: 2
// says: refused: untraced (
// says: address is taken
// says: [no-fentry]
#include "kernel.h"

static noinline notrace int untraced(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

int (*handler)(int a) = untraced;

int caller(int a)
{
	return untraced(a) + 5;
}
