// SPDX-License-Identifier: GPL-2.0-or-later
// The number of a table moves with the code above it; its content is what counts.
// exit: 0
// says: changed function: first
// silent: changed function: second
#include "kernel.h"

int first(int a)
{
#ifdef PATCHED
	switch (a) {
	case 0: return 31;
	case 1: return 7;
	case 2: return 19;
	case 3: return 5;
	case 4: return 101;
	}
#endif
	return helper(a) + 3;
}

int second(int a)
{
	switch (a) {
	case 0: return 13;
	case 1: return 71;
	case 2: return 91;
	case 3: return 50;
	case 4: return 11;
	default: return helper(a) + 1;
	}
}
