// SPDX-License-Identifier: GPL-2.0-or-later
// A new function that is jumped to has nobody on the stack who could be checked for.
// exit: 0
// says: permanent because of: jumped_to
// says: sibling call
#include "kernel.h"
#ifdef PATCHED
static noinline int jumped_to(int a)
{
	return helper(a) + helper(a + 1);
}
#endif
int user(int a)
{
#ifdef PATCHED
	return jumped_to(a);
#else
	return helper(a) + 1;
#endif
}
