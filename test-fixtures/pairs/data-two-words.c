// SPDX-License-Identifier: GPL-2.0-or-later
// Two words of one structure: a reader could see one of them without the other.
// option: --data=apply
// exit: 2
// says: [changed-data]
// says: more than one word of one structure
#include "kernel.h"

struct row {
	const char *name;
	int mode, limit;
	int *extra;
};

#ifdef PATCHED
#define LIMIT 20
#define MODE 2
#else
#define LIMIT 10
#define MODE 1
#endif

const struct row table[] = {
	{ "first", 1, 5, 0 },
	{ "second", LIMIT, 5, (int *)MODE },
};
