// SPDX-License-Identifier: GPL-2.0-or-later
// A static call whose key lives in a module is one of its trampoline: no entry, which could not follow the key.
// exit: 0
// parent: some_module
// says: changed function: special
// says: __SCK__an_operation belongs to a module
// undefined: .klp.ref.some_module.some_module.__SCT__an_operation,0
// undefined: .klp.ref.some_module.some_module.other,0
// no-section: .static_call_sites
#include "kernel.h"
struct static_key __SCK__an_operation;

asm(".pushsection .static_call.text,\"ax\"\n.globl __SCT__an_operation\n.type __SCT__an_operation, @function\n"
    "__SCT__an_operation: .byte 0xe9\n.long helper - . - 4\n.byte 0x0f, 0xb9, 0xcc\n"
    ".size __SCT__an_operation, . - __SCT__an_operation\n.popsection");

noinline int other(int a)
{
	return helper(a) + 7;
}

int special(int a)
{
	asm volatile("1: call __SCT__an_operation\n"
		     ".pushsection .static_call_sites,\"aw\"\n .balign 4\n"
		     ".long 1b - .\n .long __SCK__an_operation - .\n .popsection"
		     : "+D"(a));
#ifdef PATCHED
	a += other(3);
#endif
	return a;
}
