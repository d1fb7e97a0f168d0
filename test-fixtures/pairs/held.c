// SPDX-License-Identifier: GPL-2.0-or-later
// A new function whose address is stored makes the patch permanent.
// exit: 0
// says: permanent because of: callback
// section: .klpkit.held 32
#include "kernel.h"
#ifdef PATCHED
static void callback(void)
{
	helper(5);
}
#endif
int registers(int a)
{
#ifdef PATCHED
	might_use(callback);
#endif
	return helper(a) + 1;
}
