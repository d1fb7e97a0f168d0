// SPDX-License-Identifier: GPL-2.0-or-later
// A function that was __init and no longer is: the running kernel has freed it.
// exit: 2
// says: uses refers to was_init: in the running kernel it is init code
#include "kernel.h"
#ifdef PATCHED
#define MAYBE_INIT
#else
#define MAYBE_INIT __section(".init.text")
#endif
noinline MAYBE_INIT int was_init(int a)
{
	return helper(a) + 7;
}

int uses(int a)
{
#ifdef PATCHED
	a = was_init(a) + 1;
#endif
	return helper(a) + 1;
}
