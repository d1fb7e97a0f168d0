// SPDX-License-Identifier: GPL-2.0-or-later
// The running kernel's function does not know of the result that the new code looks at.
// option: --layout
// exit: 0
// says: warning: start (
// says: it uses close_it, whose parameters or result have other types
// says: [callee-prototype]
// undefined: close_it
#include "kernel.h"

#ifdef PATCHED
int close_it(int id);
#else
void close_it(int id);
#endif

int start(int id)
{
#ifdef PATCHED
	if (close_it(id))
		return -1;
#else
	close_it(id);
#endif
	return helper(id);
}
