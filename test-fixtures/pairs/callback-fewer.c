// SPDX-License-Identifier: GPL-2.0-or-later
// A parameter less: who calls it as it was sets a register that nobody reads.
// option: --layout
// exit: 0
// silent: refused
// silent: warning
// says: changed function: show
#include "kernel.h"

#ifdef PATCHED
typedef int show_fn(void *file);
#else
typedef int show_fn(void *file, int all);
#endif

struct operations {
	const char *name;
	show_fn *show;
};

#ifdef PATCHED
static int show(void *file)
{
	return helper(2);
}
#else
static int show(void *file, int all)
{
	return all ? 3 : helper(1);
}
#endif

const struct operations operations = { "one", show };
