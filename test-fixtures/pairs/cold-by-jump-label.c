// SPDX-License-Identifier: GPL-2.0-or-later
// Only a jump label leads to the cold piece: it is the function's all the same.
// exit: 0
// says: changed function: other
// silent: permanent
// silent: labelled
#include "kernel.h"

int cold_helper(int a) __attribute__((cold));
extern struct static_key key;

int labelled(int a)
{
	if (static_branch(&key))
		cold_helper(a);
	return helper(a) + 1;
}

int other(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 2;
}
