// SPDX-License-Identifier: GPL-2.0-or-later
// A module's exit code is run as it was, and finds the patch there.
// option: --layout
// parent: driver
// exit: 2
// says: refused: setup (
// says: stop_it, which is run as it was when the module comes or goes, calls it as it was
// says: [init-prototype]
#include "kernel.h"

#ifdef PATCHED
static noinline int setup(int number, int force)
{
	return helper(number) + force;
}
#define setup(number) setup(number, (number) + 3)
#else
static noinline int setup(int number)
{
	return helper(number);
}
#endif

int probe(int number)
{
	return setup(number) + 1;
}

void __section(".exit.text") stop_it(int number)
{
	setup(number);
}
