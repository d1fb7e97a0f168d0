// SPDX-License-Identifier: GPL-2.0-or-later
// An export in a namespace takes a live-patch reference.
// exit: 0
// export: helper vmlinux
// export: spaced vmlinux SOME_SPACE
// map: T spaced
// undefined: helper
// undefined: .klp.ref.vmlinux.vmlinux.spaced,0
#include "kernel.h"
extern int spaced(int a);

int user(int a)
{
#ifdef PATCHED
	a = spaced(a) + 1;
#endif
	return helper(a) + 1;
}
