// SPDX-License-Identifier: GPL-2.0-or-later
// A function that gets a second name is still the function.
// exit: 0
// says: changed function: uses
#include "kernel.h"
int uses(int a);
#ifdef PATCHED
int a_alias(int a) __attribute__((alias("uses")));
#endif
int uses(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
