// SPDX-License-Identifier: GPL-2.0-or-later
// Two words of one structure, and someone may keep a pointer to it: he may be in the middle of reading it.
// option: --data=apply
// option: --backend=loader
// option: --at-once
// exit: 2
// says: who may be reading it is not known: its address is handed on by reader
// silent: --model kernel
#include "kernel.h"

struct row {
	long mode, limit;
};

#ifdef PATCHED
static const struct row table[2] = { { 1, 5 }, { 2, 20 } };
#else
static const struct row table[2] = { { 1, 5 }, { 1, 10 } };
#endif

int keep(const struct row *row);

int reader(unsigned int a)
{
	return keep(&table[a & 1]);
}
