// SPDX-License-Identifier: GPL-2.0-or-later
// The author's callbacks come along though nothing calls them, with the object that they are for.
// exit: 0
// says: new function: before_patching
// section: .klpkit.callbacks 24
// symbol: before_patching
#include "kernel.h"

int user(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
#ifdef PATCHED
static int before_patching(void *object)
{
	return helper(8);
}
static const __used __section(".klpkit.author.callbacks") struct {
	void *func;
	unsigned int kind, pad;
} record = { before_patching, 0, 0 };
#endif
