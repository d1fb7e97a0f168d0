// SPDX-License-Identifier: GPL-2.0-or-later
// The loader looks for all of the patch's code: a new function that a sibling call leads to does not
// make its patch permanent.
// option: --backend=loader
// exit: 0
// says: changed function: caller
// silent: permanent
// silent: held
// no-section: .klpkit.held
// section: .text.fresh
#include "kernel.h"

#ifdef PATCHED
static noinline int fresh(int a)
{
	return helper(a) + 1;
}
#endif

int caller(int a)
{
#ifdef PATCHED
	if (a > 5)
		return fresh(a);
#endif
	return helper(a) + 5;
}
