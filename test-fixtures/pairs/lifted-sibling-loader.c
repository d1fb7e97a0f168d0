// SPDX-License-Identifier: GPL-2.0-or-later
// The loader looks for the old function itself, which a sibling call leads to; and for one between, which
// is not changed and calls it.
// option: --backend=loader
// exit: 0
// says: changed function: caller
// says: changed function: far_caller
// says: note: untraced (
// says: note: between (
// says: the loader looks for the old one on the stacks
// silent: plain (
// silent: refused
// section: .text.untraced
// section: .klpkit.checks 64
// section: .klpkit.funcs 120
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

static noinline notrace int plain(int a)
{
	return untraced(a * 5) + 2;
}

int caller(int a)
{
	return untraced(a + 5);
}

int far_caller(int a)
{
	return between(a + 6);
}

int other_caller(int a)
{
	return plain(a) + 7;
}
