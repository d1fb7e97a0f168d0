// SPDX-License-Identifier: GPL-2.0-or-later
// 6.12 writes some constants into its code when it boots; a copy reads the variable instead.
// exit: 0
// says: changed function: lookup
// no-section: runtime_ptr_table
// undefined: .klp.ref.vmlinux.vmlinux.table,0
// map: D table
#include "kernel.h"
int lookup(int a)
{
	long *table;

	asm("mov %1, %0\n1:\n .pushsection runtime_ptr_table,\"a\"\n .long 1b - 8 - .\n"
	    " .popsection" : "=r"(table) : "i"(0x0123456789abcdefUL));
#ifdef PATCHED
	a++;
#endif
	return helper(table[a]);
}
