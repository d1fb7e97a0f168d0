// SPDX-License-Identifier: GPL-2.0-or-later
// What is to run while everything is stopped, for a model that stops everything.
// option: --backend=loader
// option: --at-once
// exit: 0
// section: .klpkit.callbacks 24
// symbol: convert
#include "kernel.h"

int user(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
#ifdef PATCHED
static int convert(void *object)
{
	return helper(8);
}
static const __used __section(".klpkit.author.callbacks") struct {
	void *func;
	unsigned int kind, pad;
} record = { convert, 4, 0 };
#endif
