// SPDX-License-Identifier: GPL-2.0-or-later
// A static local is gone, and another function has a new one of that name: not the same.
// exit: 2
// says: count
#include "kernel.h"
int old_user(int a)
{
#ifdef PATCHED
	return helper(a);
#else
	static int count;

	return helper(count += a);
#endif
}

int new_user(int a)
{
#ifdef PATCHED
	static int count;

	a += count++;
#endif
	return helper(a) + 5;
}
