// SPDX-License-Identifier: GPL-2.0-or-later
// Functions named like the suffix of a section: .text.exit is not .exit.text.
// exit: 0
// says: changed function: exit
// says: changed function: unlikely
// symbol: exit
// symbol: unlikely
#include "kernel.h"

int exit(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

int unlikely(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 2;
}
