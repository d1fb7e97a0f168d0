// SPDX-License-Identifier: GPL-2.0-or-later
// A static local called "descriptor" that is not pr_debug's keeps its value.
// exit: 0
// says: changed function: uses
// undefined: .klp.ref.vmlinux.vmlinux.descriptor.0,0
#include "kernel.h"
int uses(int a)
{
	static int descriptor;

	descriptor += a;
#ifdef PATCHED
	a++;
#endif
	return helper(a + descriptor);
}
