// SPDX-License-Identifier: GPL-2.0-or-later
// Who knows of no result does not look at it.
// option: --layout
// exit: 0
// silent: refused
// silent: warning
// says: changed function: stop
#include "kernel.h"

#ifdef PATCHED
typedef int stop_fn(int file);
#else
typedef void stop_fn(int file);
#endif

struct operations {
	const char *name;
	stop_fn *stop;
};

#ifdef PATCHED
static int stop(int file)
{
	return helper(file + 1);
}
#else
static void stop(int file)
{
	helper(file);
}
#endif

const struct operations operations = { "one", stop };
