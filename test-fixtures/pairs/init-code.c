// SPDX-License-Identifier: GPL-2.0-or-later
// exit: 2
// says: refused: setup (
// says: [init-only]
#include "kernel.h"

__section(".init.text") int setup(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
