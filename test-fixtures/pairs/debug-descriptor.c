// SPDX-License-Identifier: GPL-2.0-or-later
// A pr_debug's descriptor is taken fresh with the function that has it, and its line is no change.
// exit: 0
// says: changed function: speaks
// silent: changed function: speaks_too
// silent: refused
// section: __dyndbg 24
#include "kernel.h"

struct descriptor {
	const char *function, *format;
	int line, flags;
};

#define pr_debug(text)                                                                         \
	do {                                                                                   \
		static struct descriptor __used __section("__dyndbg")                          \
			__UNIQUE_ID_ddebug1 = { __func__, text, __LINE__, 0 };                 \
		if (__UNIQUE_ID_ddebug1.flags)                                                 \
			printk(text);                                                          \
	} while (0)

int speaks(int a)
{
	pr_debug("speaks\n");
#ifdef PATCHED
	a += 2;

#endif
	return helper(a) + 1;
}

int speaks_too(int a)
{
	pr_debug("speaks too\n");
	return helper(a) + 3;
}
