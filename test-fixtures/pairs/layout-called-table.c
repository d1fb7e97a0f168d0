// SPDX-License-Identifier: GPL-2.0-or-later
// It has one as a parameter, too, but calls by a variable: that offset is in no displacement.
// option: --layout
// exit: 2
// says: refused: struct operations (
// says: a member points to functions of another prototype; touched by use()
#include "kernel.h"

struct operations {
	const char *name;
	long flags[6];
#ifdef PATCHED
	int (*show)(void *file, int all);
#else
	int (*show)(void *file);
#endif
};

extern struct operations table;

int use(const struct operations *operations, void *file)
{
	if (!operations->name)
		return 0;
#ifdef PATCHED
	return table.show(file, 1);
#else
	return table.show(file);
#endif
}
