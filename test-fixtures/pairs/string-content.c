// SPDX-License-Identifier: GPL-2.0-or-later
// A string's content matters, not its place: one function's string changed, the other's moved.
// exit: 0
// says: changed function: says_this
// silent: changed function: says_that
#include "kernel.h"

int says_this(int a)
{
#ifdef PATCHED
	return printk("a much longer text than before: %d\n", a) + 1;
#else
	return printk("short: %d\n", a) + 1;
#endif
}

int says_that(int a)
{
	return printk("that: %d\n", a) + 2;
}
