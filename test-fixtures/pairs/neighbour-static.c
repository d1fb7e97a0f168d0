// SPDX-License-Identifier: GPL-2.0-or-later
// Several statics of one name: the one between this object's other functions.
// exit: 0
// says: changed function: before
// undefined: .klp.ref.vmlinux.vmlinux.common_name,1
// map: t filler_a
// map: t filler_b
// map: t filler_c
// map: t common_name
#include "kernel.h"

int before(int a);

static noinline int common_name(int a)
{
	return helper(a) + 1;
}

int before(int a)
{
#ifdef PATCHED
	a++;
#endif
	return common_name(a) * 2;
}

int after(int a)
{
	return common_name(a) * 3;
}
