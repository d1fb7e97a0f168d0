// SPDX-License-Identifier: GPL-2.0-or-later
// Other objects may call it without the new parameter; with nothing but a list of symbols that is not known.
// option: --layout
// exit: 0
// says: warning: open_it (
// says: can call it as it was: another object, perhaps
// says: [global-prototype]
#include "kernel.h"

#ifdef PATCHED
int open_it(int id, int flags)
{
	return helper(id + flags);
}
#else
int open_it(int id)
{
	return helper(id);
}
#endif
