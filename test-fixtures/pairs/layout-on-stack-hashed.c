// SPDX-License-Identifier: GPL-2.0-or-later
// It lives on a stack, but a function that reads any memory may keep what it has read.
// option: --layout
// exit: 2
// says: struct work (
// says: the stack of outer()
#include "kernel.h"

unsigned int example_hash(const void *key, unsigned long size);

struct work {
	long a;
#ifdef PATCHED
	long more;
#endif
	int b;
};

int outer(int a)
{
	struct work work = { .a = a, .b = a * 3 };

	return helper(example_hash(&work, sizeof(work))) + 1;
}
