// SPDX-License-Identifier: GPL-2.0-or-later
// exit: 2
// says: [new-export]
#include "kernel.h"

int exported(int a)
{
	return helper(a) + 1;
}
#ifdef PATCHED
asm(".section \".export_symbol\",\"a\"\n__export_symbol_exported: .asciz \"GPL\"\n .balign 8\n"
    ".quad exported\n .previous");
#endif
