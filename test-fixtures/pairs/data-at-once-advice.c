// SPDX-License-Identifier: GPL-2.0-or-later
// Two words of one structure: without a moment for both they are refused, and it is said what has one.
// option: --data=apply
// exit: 2
// says: more than one word of one structure
// says: --model kernel
#include "kernel.h"

struct row {
	long mode, limit;
};

#ifdef PATCHED
static const struct row table[2] = { { 1, 5 }, { 2, 20 } };
#else
static const struct row table[2] = { { 1, 5 }, { 1, 10 } };
#endif

int reader(unsigned int a)
{
	return table[a & 1].mode + 3 * table[a & 1].limit;
}
