// SPDX-License-Identifier: GPL-2.0-or-later
// An inline that the compiler kept, changed: its callers are replaced, one of them by way of another
// function without tracing.
// exit: 0
// says: changed function: caller
// says: changed function: far_caller
// silent: refused
// silent: changed function: untraced
// silent: changed function: between
// section: .text.untraced
// section: .text.between
// no-undefined: .klp.ref.vmlinux.vmlinux.untraced,0
#include "kernel.h"

static noinline notrace int untraced(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

static noinline notrace int between(int a)
{
	return untraced(a * 3) + 2;
}

int caller(int a)
{
	return untraced(a) + 5;
}

int far_caller(int a)
{
	return between(a) + 6;
}
