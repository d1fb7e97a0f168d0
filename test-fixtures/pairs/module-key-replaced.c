// SPDX-License-Identifier: GPL-2.0-or-later
// Nor one whose two bytes an alternative instruction takes the place of.
// exit: 2
// parent: some_module
// says: [module-jump-label]
#include "kernel.h"
struct static_key a_key;

int special(int a)
{
	if (static_branch(&a_key))
		a = helper(a) + 2;
	asm volatile("1: jmp 5f\n .byte 0x90\n2:\n"
		     ".pushsection .altinstructions,\"a\"\n"
		     ".long 1b - .\n .long 3f - .\n .word 7\n .byte 2b - 1b\n .byte 4f - 3f\n"
		     ".popsection\n"
		     ".pushsection .altinstr_replacement,\"ax\"\n3: lfence\n4: .popsection\n"
		     "incl %0\n5:" : "+r"(a));
#ifdef PATCHED
	a += helper(3);
#endif
	return a;
}
