// SPDX-License-Identifier: GPL-2.0-or-later
// A change to init code beside one to other code is left out.
// exit: 0
// says: changed function: running
// says: note: setup (
// silent: changed function: setup
// no-section: .init.text
#include "kernel.h"

int limit;

__section(".init.text") int setup(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

int running(int a)
{
#ifdef PATCHED
	a += 2;
#endif
	return helper(a) + limit;
}
