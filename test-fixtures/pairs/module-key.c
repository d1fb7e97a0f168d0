// SPDX-License-Identifier: GPL-2.0-or-later
// A jump label whose key lives in a module cannot be carried.
// exit: 2
// parent: some_module
// says: [module-jump-label]
// says: a_key
#include "kernel.h"
struct static_key a_key;

int special(int a)
{
	if (static_branch(&a_key))
		a = helper(a) + 2;
#ifdef PATCHED
	a += helper(3);
#endif
	return a;
}
