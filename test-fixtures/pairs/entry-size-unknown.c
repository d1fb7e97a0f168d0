// SPDX-License-Identifier: GPL-2.0-or-later
// Two entries of 8 bytes could be one of 16: nothing tells.
// exit: 1
// says: cannot tell how large an entry of __bug_table is: several sizes fit
// says: set BUG_STRUCT_SIZE
#include "kernel.h"

#define EMIT_SHORT_ENTRY()                                                                     \
	asm volatile("1: ud2\n.pushsection __bug_table,\"aw\"\n2: .long 1b - 2b\n .word 1\n" \
		     " .word 0\n .popsection")

int first(int a)
{
	if (a == 3)
		EMIT_SHORT_ENTRY();
	return helper(a) + 1;
}

int second(int a)
{
	if (a == 3)
		EMIT_SHORT_ENTRY();
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 2;
}
