// SPDX-License-Identifier: GPL-2.0-or-later
// Two functions share a section that the source chose; the assembler resolved the call.
// exit: 0
// says: changed function: one
// silent: changed function: two
// silent: new function
// undefined: .klp.ref.vmlinux.vmlinux.two,0
#include "kernel.h"

static noinline __section(".sched.text") int two(int a)
{
	return helper(a) + 2;
}

__section(".sched.text") int one(int a)
{
#ifdef PATCHED
	a++;
#endif
	return two(a) + 1;
}

__section(".sched.text") int three(int a)
{
	return two(a) + 3;
}
