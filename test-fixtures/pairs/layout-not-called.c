// SPDX-License-Identifier: GPL-2.0-or-later
// Who only has such a structure, and calls nothing by it, does not mind what the functions take.
// option: --layout
// exit: 0
// says: note: struct operations (
// says: a member points to functions of another prototype), but no function of the patch
// says: changed function: use
// silent: refused
#include "kernel.h"

struct operations {
	const char *name;
#ifdef PATCHED
	int (*show)(void *file, int all);
#else
	int (*show)(void *file);
#endif
};

int use(const struct operations *operations)
{
#ifdef PATCHED
	if (!operations->show)
		return -1;
#endif
	return helper(*operations->name);
}
