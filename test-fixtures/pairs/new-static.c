// SPDX-License-Identifier: GPL-2.0-or-later
// A new static variable and a new function come along; a new global stays global.
// exit: 0
// says: changed function: user
// says: new function: brought
// says: new variable: counter
// says: new variable: shared
// symbol: shared
// symbol: counter
#include "kernel.h"
#ifdef PATCHED
int shared = 4;
static int counter;
static noinline int brought(int a)
{
	return helper(counter += a) + 1;
}
#endif
int user(int a)
{
#ifdef PATCHED
	a = brought(a) + shared;
#endif
	return helper(a) + 1;
}
