// SPDX-License-Identifier: GPL-2.0-or-later
// A word, and the code that uses it: old code would meet the new one, or new code the old one.
// option: --data=apply
// exit: 2
// says: user() changes, too, and uses it
// says: --model kernel
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
