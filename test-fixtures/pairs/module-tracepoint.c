// SPDX-License-Identifier: GPL-2.0-or-later
// A tracepoint of a module is dropped, and said.
// exit: 0
// parent: some_module
// says: changed function: special
// says: __tracepoint_event belongs to a module
// no-section: __jump_table
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
