// SPDX-License-Identifier: GPL-2.0-or-later
// A switch that became a table: the table of the changed function comes along.
// exit: 0
// says: changed function: look
// silent: changed function: look_too
// section: .rodata.CSWTCH.3 24
#include "kernel.h"

int look_too(int a)
{
	switch (a) {
	case 0: return 31;
	case 1: return 7;
	case 2: return 19;
	case 3: return 5;
	case 4: return 101;
	default: return helper(a);
	}
}

int look(int a)
{
	switch (a) {
	case 0: return 13;
	case 1: return 71;
	case 2: return 91;
	case 3: return 50;
	case 4: return 11;
#ifdef PATCHED
	case 5: return 77;
#endif
	default: return helper(a) + 1;
	}
}
