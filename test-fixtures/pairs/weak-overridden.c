// SPDX-License-Identifier: GPL-2.0-or-later
// A weak definition that the image overrides: the change has no effect, and is reported as that.
// exit: 3
// says: overrides
// unmap: weakly
// map: T weakly
#include "kernel.h"

__attribute__((weak)) int weakly(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}
