// SPDX-License-Identifier: GPL-2.0-or-later
// The original stored its address: somebody may still have it.
// exit: 2
// says: refused: untraced (
// says: [no-fentry]
#include "kernel.h"

static noinline notrace int untraced(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

int (*handler)(int a);

int caller(int a)
{
#ifndef PATCHED
	handler = untraced;
#endif
	return untraced(a) + 5;
}
