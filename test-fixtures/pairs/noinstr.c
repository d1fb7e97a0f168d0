// SPDX-License-Identifier: GPL-2.0-or-later
// Code of the entry sections, and what it calls, must not be traced.
// exit: 2
// says: refused: entered (
// says: refused: called (
// says: [noinstr]
// says: [noinstr-reached]
#include "kernel.h"

noinline int called(int a)
{
#ifdef PATCHED
	a += 2;
#endif
	return helper(a) + 1;
}

notrace __section(".noinstr.text") int entered(int a)
{
#ifdef PATCHED
	a++;
#endif
	return called(a) + 1;
}
