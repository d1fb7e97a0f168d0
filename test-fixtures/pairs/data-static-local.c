// SPDX-License-Identifier: GPL-2.0-or-later
// A table that a function declares: its type is the one in that function, though another has one of that name.
// option: --data=apply
// option: --explain
// exit: 0
// says: in limit 0xa becomes 0x14
// silent: refused
// section: .klpkit.data 48
#include "kernel.h"

struct row {
	long mode, limit;
};

#ifdef PATCHED
#define LIMIT 20
#else
#define LIMIT 10
#endif

long limit_of(unsigned int a)
{
	static const struct row table[2] = { { 1, 5 }, { 1, LIMIT } };

	return table[a & 1].limit + helper(table[a & 1].mode);
}
