// SPDX-License-Identifier: GPL-2.0-or-later
// Other lines, other numbers of static locals, other strings elsewhere: no change.
// exit: 3
#include "kernel.h"
#ifdef PATCHED
static noinline __used int unused_before(void)
{
	return 0;
}
#endif
int counted(int a)
{
	static int count;

	WARN_ON(a > 5);
	count += a;
	printk("%s: %d\n", __func__, count);
	return count;
}
