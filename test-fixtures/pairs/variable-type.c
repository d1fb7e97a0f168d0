// SPDX-License-Identifier: GPL-2.0-or-later
// The running kernel's variable is as large as it was.
// option: --layout
// exit: 2
// says: refused: limited (
// says: it uses names, which is declared with another type
// says: [variable-type]
#include "kernel.h"

#ifdef PATCHED
extern const int names[4];
#else
extern const int names[3];
#endif

extern
#ifdef PATCHED
unsigned
#endif
int limit;

int limited(int a)
{
#ifdef PATCHED
	if (a > 3)
		return 0;
#endif
	return helper(names[a]) + limit;
}
