// SPDX-License-Identifier: GPL-2.0-or-later
// exit: 2
// says: refused: live
// says: [changed-data]
#include "kernel.h"
#ifdef PATCHED
int live[4];
#else
int live[2];
#endif
int user(int a)
{
	return live[a];
}
