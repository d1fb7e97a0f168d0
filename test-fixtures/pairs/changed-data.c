// SPDX-License-Identifier: GPL-2.0-or-later
// Changed initial contents of a live variable are refused, all of them, each with its place.
// exit: 2
// says: refused: limit (
// says: refused: table (
// says: [changed-data]
#include "kernel.h"
#ifdef PATCHED
int limit = 5;
const int table[] = { 1, 2, 4 };
#else
int limit = 4;
const int table[] = { 1, 2, 3 };
#endif
int use(int a)
{
	return table[a] + limit;
}
