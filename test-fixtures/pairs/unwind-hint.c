// SPDX-License-Identifier: GPL-2.0-or-later
// Hints for objtool (struct unwind_hint) have 12 bytes; other sections of its have 4 or 8 an entry.
// exit: 0
// says: changed function: hinted
// section: .discard.unwind_hints 12
#include "kernel.h"
#define UNWIND_HINT()                                                                          \
	asm volatile("1: .pushsection .discard.unwind_hints\n"                                 \
		     ".long 1b - .\n .short 8\n .byte 5, 0\n .balign 4\n .long 0\n"            \
		     ".popsection")

int hinted(int a)
{
	UNWIND_HINT();
#ifdef PATCHED
	return helper(a) + 2;
#else
	return helper(a) + 1;
#endif
}

int unchanged(int a)
{
	UNWIND_HINT();
	return helper(a) * 2;
}
