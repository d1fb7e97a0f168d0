// SPDX-License-Identifier: GPL-2.0-or-later
// A cast leaves no type behind: the offset that the code had before and has after does.
// option: --layout
// exit: 2
// says: struct far (
// says: an offset in its code
#include "kernel.h"

struct far {
	long a[6];
#ifdef PATCHED
	long new;
#endif
	int b;
};

int set_state(void *data, int state)
{
	((struct far *)data)->b = state;
	return helper(state);
}
