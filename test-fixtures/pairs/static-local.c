// SPDX-License-Identifier: GPL-2.0-or-later
// A static local keeps pointing at the live variable, whatever its number is.
// exit: 0
// says: changed function: second
// silent: new variable: count
// undefined: .klp.ref.vmlinux.vmlinux.count.0,0
// no-undefined: .klp.ref.vmlinux.vmlinux.count.1,0
#include "kernel.h"

int first(int a)
{
	static int count;

	return count += a;
}
#ifdef PATCHED
static noinline int more(int a)
{
	static int extra;

	return helper(extra += a);
}
#endif
int second(int a)
{
	static int count;

#ifdef PATCHED
	a = more(a) + 1;
#endif
	return count += a * 3;
}
