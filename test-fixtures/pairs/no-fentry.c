// SPDX-License-Identifier: GPL-2.0-or-later
// exit: 2
// says: refused: untraced (
// says: [no-fentry]
#include "kernel.h"

notrace int untraced(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
