// SPDX-License-Identifier: GPL-2.0-or-later
// What a WARN_ONCE of the new code remembers is its own.
// exit: 0
// says: changed function: warns
// section: .data..once 1
// no-undefined: .klp.ref.vmlinux.vmlinux.__already_done.0,0
#include "kernel.h"

int warns(int a)
{
	static __section(".data..once") _Bool __already_done;

	if (a > 3 && !__already_done) {
		__already_done = 1;
		printk("warned\n");
	}
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
