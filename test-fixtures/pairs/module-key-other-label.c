// SPDX-License-Identifier: GPL-2.0-or-later
// What is behind a test moves: a jump label of the patch's own key, a warning and jumps back are where they should be.
// exit: 0
// parent: some_module
// says: a_key belongs to a module: the patched function reads it each time
// silent: own_key belongs to a module
// undefined: .klp.ref.some_module.some_module.a_key,0
// section: __jump_table 16
#include "kernel.h"
struct static_key a_key;
#ifdef PATCHED
struct static_key own_key;
#endif

int special(int a)
{
	for (int i = 0; i < 9; i++) {
		if (static_branch(&a_key))
			a = helper(a) + 2;
#ifdef PATCHED
		if (static_branch(&own_key))
			a += helper(3);
#endif
		WARN_ON(a == 77);
	}
	return a;
}
