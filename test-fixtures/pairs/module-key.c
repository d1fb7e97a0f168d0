// SPDX-License-Identifier: GPL-2.0-or-later
// A jump label whose key lives in a module is a test of the key.
// exit: 0
// parent: some_module
// says: changed function: special
// says: a_key belongs to a module: the patched function reads it each time
// undefined: .klp.ref.some_module.some_module.a_key,0
// no-section: __jump_table
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
