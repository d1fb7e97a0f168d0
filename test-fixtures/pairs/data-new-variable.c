// SPDX-License-Identifier: GPL-2.0-or-later
// A pointer into the patch's own data: whoever has read it can still use it.
// option: --data=apply
// exit: 0
// says: applied variable: row
// says: new variable: most
// says: permanent because of: most
// says: whoever has read that
// section: .klpkit.data 48
// symbol: most
#include "kernel.h"

struct row {
	const char *name;
	int mode, limit;
	int *extra;
};

int some;
#ifdef PATCHED
static int most = 7;
#define EXTRA &most
#else
#define EXTRA &some
#endif
const struct row row = { "it", 1, 2, EXTRA };
