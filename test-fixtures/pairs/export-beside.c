// SPDX-License-Identifier: GPL-2.0-or-later
// An export cannot be published; the function is carried for the patch's own use.
// exit: 0
// says: warning: 
// says: cannot be published
// says: changed function: running
// global: exported
#include "kernel.h"

#ifdef PATCHED
int exported(int a)
{
	return helper(a) + 1;
}
asm(".section \".export_symbol\",\"a\"\n__export_symbol_exported: .asciz \"GPL\"\n .balign 8\n"
    ".quad exported\n .previous");
#endif

int running(int a)
{
#ifdef PATCHED
	a = exported(a) + 3;
#endif
	return helper(a) + 2;
}
