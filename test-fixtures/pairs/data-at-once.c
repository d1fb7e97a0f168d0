// SPDX-License-Identifier: GPL-2.0-or-later
// Two words of one structure, changed in one moment: who reads them is looked for.
// option: --data=apply
// option: --backend=loader
// option: --at-once
// exit: 0
// says: reader
// says: the loader looks for the old one on the stacks
// silent: refused
// section: .klpkit.data 96
// section: .klpkit.checks 32
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
