// SPDX-License-Identifier: GPL-2.0-or-later
// Two entries of 8 bytes could be one of 16: the structure is in DWARF.
// exit: 0
// says: changed function: second
// section: __bug_table 8
#define bug_entry bug_entry_of_12
#include "kernel.h"
#undef bug_entry

#define EMIT_SHORT_ENTRY()                                                                     \
	asm volatile("1: ud2\n.pushsection __bug_table,\"aw\"\n2: .long 1b - 2b\n .word 1\n" \
		     " .word 0\n .popsection")

struct bug_entry {
	int address;
	unsigned short flags;
};

struct bug_entry entry_of_a_type = { 1, 2 };

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
