// SPDX-License-Identifier: GPL-2.0-or-later
// A new function goes where old code will find it, and call it without the new parameter.
// option: --layout
// exit: 2
// says: refused: struct operations (
// says: touched by show_all() (by its own address)
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

#ifdef PATCHED
static int show_all(void *file, int all)
{
	return all ? 3 : helper(1);
}
#endif

int fill(struct operations *operations)
{
#ifdef PATCHED
	operations->show = show_all;
#endif
	return helper(*operations->name);
}
