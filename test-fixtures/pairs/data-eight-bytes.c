// SPDX-License-Identifier: GPL-2.0-or-later
// Two members of the same eight bytes are two numbers all the same.
// option: --data=apply
// exit: 2
// says: several members of eight bytes change
#include "kernel.h"

struct row {
	const char *name;
	int mode, limit;
	int *extra;
};

#ifdef PATCHED
const struct row row = { "it", 2, 20 };
#else
const struct row row = { "it", 1, 10 };
#endif
