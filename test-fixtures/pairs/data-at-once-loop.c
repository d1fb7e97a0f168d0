// SPDX-License-Identifier: GPL-2.0-or-later
// Two words of one structure that a loop walks by a pointer, which stays in the function: it is looked for.
// option: --data=apply
// option: --backend=loader
// option: --at-once
// exit: 0
// says: reader
// says: the loader looks for the old one on the stacks
// section: .klpkit.checks 32
#include "kernel.h"

struct row {
	long mode, limit;
};

#ifdef PATCHED
static const struct row table[4] = { { 1, 5 }, { 2, 20 } };
#else
static const struct row table[4] = { { 1, 5 }, { 1, 10 } };
#endif

int reader(int sum)
{
	const struct row *row;

	for (row = table; row < table + 4; row++)
		sum = helper(sum + row->mode) + row->limit;
	return sum;
}
