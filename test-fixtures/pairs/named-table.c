// SPDX-License-Identifier: GPL-2.0-or-later
// A new entry of an array that the kernel walks: nothing refers to it, and it cannot be carried.
// exit: 2
// says: entry
#include "kernel.h"
#ifdef PATCHED
static void *entry __used __section("__some_table") = printk;
#endif
int unrelated(int a)
{
	return helper(a) + 1;
}
