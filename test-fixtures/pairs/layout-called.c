// SPDX-License-Identifier: GPL-2.0-or-later
// The new code passes more than the functions that the members point to know of.
// option: --layout
// exit: 2
// says: refused: struct operations (
// says: a member points to functions of another prototype; touched by use() (by 
// says: [layout]
#include "kernel.h"

struct operations {
	const char *name;
#ifdef PATCHED
	int (*show)(void *file, int all);
#else
	int (*show)(void *file);
#endif
};

int use(const struct operations *operations, void *file)
{
#ifdef PATCHED
	return operations->show(file, 1);
#else
	return operations->show(file);
#endif
}
