// SPDX-License-Identifier: GPL-2.0-or-later
// A pointer to a changed function gets the original: it may outlive the patch.
// exit: 0
// says: changed function: target
// undefined: .klp.ref.vmlinux.vmlinux.target,0
#include "kernel.h"

static noinline void target(void *a)
{
#ifdef PATCHED
	helper(2);
#endif
	helper(1);
	might_use(a);
	helper(3);
}

int registers(int a)
{
#ifdef PATCHED
	a++;
#endif
	might_use(target);
	return helper(a) + 1;
}
