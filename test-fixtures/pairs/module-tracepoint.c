// SPDX-License-Identifier: GPL-2.0-or-later
// A tracepoint of a module is not fired, and that is said: a key that is never on stands for its own.
// exit: 0
// parent: some_module
// says: changed function: special
// says: __tracepoint_event belongs to a module
// section: __jump_table 16
// undefined: klpkit_never
// undefined: .klp.ref.some_module.some_module.other,0
#include "kernel.h"
struct static_key __tracepoint_event;

noinline int other(int a)
{
	return helper(a) + 7;
}

int special(int a)
{
	if (static_branch(&__tracepoint_event))
		a = helper(a) + 2;
#ifdef PATCHED
	a += other(3);
#endif
	return a;
}
