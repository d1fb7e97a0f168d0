// SPDX-License-Identifier: GPL-2.0-or-later
// Modules call an exported function as it was.
// option: --layout
// exit: 2
// says: refused: exported (
// says: [export-prototype]
#include "kernel.h"

#ifdef PATCHED
int exported(long a, int b)
#else
int exported(long a)
#endif
{
#ifdef PATCHED
	a += b;
#endif
	return helper(a) + 1;
}
asm(".section \".export_symbol\",\"a\"\n__export_symbol_exported: .asciz \"GPL\"\n .balign 8\n"
    ".quad exported\n .previous");
