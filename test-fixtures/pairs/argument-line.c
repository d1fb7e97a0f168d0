// SPDX-License-Identifier: GPL-2.0-or-later
// A constant that happens to be near a line number is a change, where the callee uses it.
// exit: 0
// says: changed function: calls
#include "kernel.h"
extern int take(const char *text, int number);

int calls(int a)
{
#ifdef PATCHED
	return take("x", 14) + a;
#else
	return take("x", 12) + a;
#endif
}
