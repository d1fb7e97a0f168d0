// SPDX-License-Identifier: GPL-2.0-or-later
// After a sibling call its caller is not on the stack.
// exit: 2
// says: refused: untraced (
// says: sibling call
// says: [no-fentry]
#include "kernel.h"

static noinline notrace int untraced(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

int caller(int a)
{
	return untraced(a + 5);
}
