// SPDX-License-Identifier: GPL-2.0-or-later
// Variables that share a section keep their identity; a new one keeps its section.
// exit: 0
// says: changed function: reads
// says: new variable: added
// section: .data..percpu 4
// undefined: .klp.ref.vmlinux.vmlinux.second,0
// no-undefined: .klp.ref.vmlinux.vmlinux.first,0
#include "kernel.h"
static __section(".data..read_mostly") int first = 1;
static __section(".data..read_mostly") int second = 2;
#ifdef PATCHED
static __section(".data..percpu") int added;
#endif

int writes(int a)
{
	first = a;
	second = a;
	return a;
}

int reads(void)
{
#ifdef PATCHED
	return second + added++;
#else
	return first + second;
#endif
}
