// SPDX-License-Identifier: GPL-2.0-or-later
// The end of an array is where a new variable stands.
// exit: 2
// says: sum
// says: [ambiguous-end]
// says: where table ends and added begins
#include "kernel.h"
/* gcc writes them from the last to the first */
static __section(".data..read_mostly") int behind = 6;
#ifdef PATCHED
static __section(".data..read_mostly") int added = 5;
#endif
static __section(".data..read_mostly") int table[4] = { 1, 2, 3, 4 };

void fill(int a)
{
	for (int i = 0; i < 4; i++)
		table[i] = a + i;
	behind = a;
#ifdef PATCHED
	added = a;
#endif
}

int peek(void)
{
#ifdef PATCHED
	return helper(added);
#else
	return helper(behind);
#endif
}

int sum(void)
{
	int all = behind;

	for (int *at = table; at < table + 4; at++)
		all += helper(*at);
	return all;
}
