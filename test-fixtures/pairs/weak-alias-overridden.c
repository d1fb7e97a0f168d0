// SPDX-License-Identifier: GPL-2.0-or-later
// A weak alias goes where the kernel's linker bound it: to another object's function, or here.
// exit: 0
// says: changed function: uses
// undefined: .klp.ref.vmlinux.vmlinux.hook,0
// undefined: .klp.ref.vmlinux.vmlinux.default_hook,0
// no-undefined: .klp.ref.vmlinux.vmlinux.other_hook,0
// unmap: hook
// map: T hook
#include "kernel.h"

static noinline int default_hook(int a)
{
	return helper(a) + 2;
}

int hook(int a) __attribute__((weak, alias("default_hook")));
int other_hook(int a) __attribute__((weak, alias("default_hook")));

int uses(int a)
{
#ifdef PATCHED
	a = hook(a) + other_hook(a);
#endif
	return default_hook(a) + 1;
}
