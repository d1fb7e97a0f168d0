// SPDX-License-Identifier: GPL-2.0-or-later
// A word, and the code that uses it, changed in one moment.
// option: --data=apply
// option: --backend=loader
// option: --at-once
// exit: 0
// says: changed function: user
// section: .klpkit.data 48
#include "kernel.h"

#ifdef PATCHED
#define LIMIT 20
#else
#define LIMIT 10
#endif

static const long limits[2] = { 5, LIMIT };

long user(unsigned int a)
{
#ifdef PATCHED
	if (a > 7)
		return helper(a);
#endif
	return helper(a) + limits[a & 1];
}
