// SPDX-License-Identifier: GPL-2.0-or-later
// ... unless its author says how it drains.
// exit: 0
// silent: permanent
// says: callback
// section: .klpkit.held 32
#include "kernel.h"
#ifdef PATCHED
static void callback(void)
{
	helper(5);
}
static void drain(void)
{
	helper(6);
}
static const __used __section(".klpkit.author.drains") void *const record[2] = {
	(void *)callback, (void *)drain
};
#endif
int registers(int a)
{
#ifdef PATCHED
	might_use(callback);
#endif
	return helper(a) + 1;
}
