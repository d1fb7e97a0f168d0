// SPDX-License-Identifier: GPL-2.0-or-later
// Who has its address calls it without the new parameter.
// option: --layout
// exit: 2
// says: refused: show (
// says: its address is taken by operations
// says: [callback-prototype]
#include "kernel.h"

#ifdef PATCHED
typedef int show_fn(void *file, int all);
#else
typedef int show_fn(void *file);
#endif

struct operations {
	const char *name;
	show_fn *show;
};

#ifdef PATCHED
static int show(void *file, int all)
{
	return all ? 3 : helper(1);
}
#else
static int show(void *file)
{
	return helper(1);
}
#endif

const struct operations operations = { "one", show };
