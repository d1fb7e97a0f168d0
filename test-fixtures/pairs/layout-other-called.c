// SPDX-License-Identifier: GPL-2.0-or-later
// It calls by another member than the one whose functions take more now.
// option: --layout
// exit: 0
// says: note: struct operations (
// says: but no function of the patch calls by it
// silent: refused
#include "kernel.h"

struct operations {
	const char *name;
	int (*open)(void *file);
	long flags[4];
#ifdef PATCHED
	int (*show)(void *file, int all);
#else
	int (*show)(void *file);
#endif
};

int use(const struct operations *operations, void *file)
{
#ifdef PATCHED
	if (!file)
		return -1;
#endif
	return operations->open(file) + helper(*operations->name);
}
