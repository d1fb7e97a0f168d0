// SPDX-License-Identifier: GPL-2.0-or-later
// Only the line numbers of WARN and might_sleep() differ.
// exit: 3
#include "kernel.h"
extern void __might_sleep(const char *file, int line);
#ifdef PATCHED


#endif
int warns(int a)
{
	WARN_ON(a == 3);
	__might_sleep("file.c", __LINE__);
	return helper(a) + 1;
}
