// SPDX-License-Identifier: GPL-2.0-or-later
// The address of a lone variable is handed on: others may write to it.
// option: --data=apply
// exit: 2
// says: refused: count (
// says: start() hands its address on
#include "kernel.h"

#ifdef PATCHED
int count = 5;
#else
int count = 4;
#endif

void use(int *count);

void start(void)
{
	use(&count);
}
