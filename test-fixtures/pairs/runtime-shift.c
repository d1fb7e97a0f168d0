// SPDX-License-Identifier: GPL-2.0-or-later
// 6.12 writes some shifts into its code when it boots; a copy has no room to read the variable.
// exit: 2
// says: lookup
// says: runtime_shift_bits
#include "kernel.h"
int lookup(unsigned int a)
{
	asm("shrl $12, %k0\n1:\n .pushsection runtime_shift_bits,\"a\"\n .long 1b - 1 - .\n"
	    " .popsection" : "+r"(a));
#ifdef PATCHED
	a++;
#endif
	return helper(a);
}
