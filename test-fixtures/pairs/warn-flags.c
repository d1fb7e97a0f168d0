// SPDX-License-Identifier: GPL-2.0-or-later
// A bug table entry's flags are meaning, its line is not.
// exit: 0
// says: changed function: warns
// section: __bug_table 12
#include "kernel.h"

int unrelated(int a)
{
	WARN_ON(a == 4);
	return helper(a) + 2;
}

int warns(int a)
{
	if (a == 3)
#ifdef PATCHED
		EMIT_BUG_ENTRY(3);
#else
		EMIT_BUG_ENTRY(1);
#endif
	return helper(a) + 1;
}
