// SPDX-License-Identifier: GPL-2.0-or-later
// What a pointer to a string held has no name in the running kernel, so it cannot be checked.
// option: --data=apply
// exit: 2
// says: nothing names it in the running kernel
#include "kernel.h"

struct named {
	const char *name;
	long a;
};

#ifdef PATCHED
const struct named named = { "new", 1 };
#else
const struct named named = { "old", 1 };
#endif
