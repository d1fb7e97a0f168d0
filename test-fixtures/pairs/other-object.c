// SPDX-License-Identifier: GPL-2.0-or-later
// A global that the kernel does not have comes from another object of the patch; one of the same
// name that is static elsewhere is not it.
// exit: 0
// undefined: from_the_patch
// undefined: static_elsewhere
// undefined: .klp.ref.vmlinux.vmlinux.global_elsewhere,2
// map: t static_elsewhere
// map: t global_elsewhere
// map: T global_elsewhere
#include "kernel.h"
extern int from_the_patch, static_elsewhere(int a), global_elsewhere(int a);

int user(int a)
{
#ifdef PATCHED
	a += from_the_patch + static_elsewhere(a) + global_elsewhere(a);
#endif
	return helper(a) + 1;
}
