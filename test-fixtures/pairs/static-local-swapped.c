// SPDX-License-Identifier: GPL-2.0-or-later
// Two locals of one name in one function whose uses changed places: which is which cannot be
// told, and must not be guessed.
// exit: 2
// says: ambiguous-static-local
#include "kernel.h"
int uses(int a)
{
	int *p, *q;

	{
		static int count;

		p = &count;
	}
	{
		static int count;

		q = &count;
	}
#ifdef PATCHED
	*q += helper(a + 1) + 2;
	*p -= helper(a);
#else
	*p += helper(a);
	*q -= helper(a);
#endif
	return a;
}
