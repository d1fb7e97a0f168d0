// SPDX-License-Identifier: GPL-2.0-or-later
// A new weak definition of what the kernel has already: the kernel's is the one that is called.
// exit: 0
// says: changed function: uses
// undefined: .klp.ref.vmlinux.vmlinux.arch_hook,0
// map: T arch_hook
#include "kernel.h"
int arch_hook(int a);
#ifdef PATCHED
__attribute__((weak)) int arch_hook(int a)
{
	return a;
}
#endif
int uses(int a)
{
#ifdef PATCHED
	a = arch_hook(a);
#endif
	return helper(a) + 1;
}
