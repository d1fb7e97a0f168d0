// SPDX-License-Identifier: GPL-2.0-or-later
// A changed function is carried; an unchanged one is not, and is referred to by position.
// exit: 0
// says: changed function: outer
// silent: unchanged
// symbol: outer
// section: .klpkit.funcs 40
// section: __mcount_loc 8
// undefined: .klp.ref.vmlinux.vmlinux.unchanged,0
// undefined: helper
// export: helper vmlinux
#include "kernel.h"

static noinline int unchanged(int a)
{
	return helper(a) + 2;
}

int outer(int a)
{
#ifdef PATCHED
	a += 3;
#endif
	return unchanged(a) + helper(a) * 3;
}
