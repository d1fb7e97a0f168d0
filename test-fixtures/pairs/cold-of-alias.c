// SPDX-License-Identifier: GPL-2.0-or-later
// A function with a second, global name, as module_init() gives one: its cold piece is still its own.
// exit: 0
// says: changed function: other
// silent: second_name
// silent: permanent
// silent: start.cold
#include "kernel.h"

int cold_helper(int a) __attribute__((cold));

static int __used start(int a)
{
	if (a > 5)
		return cold_helper(a) * cold_helper(a + 1);
	return helper(a) + 1;
}

int second_name(int a) __attribute__((alias("start")));

int other(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 2;
}
