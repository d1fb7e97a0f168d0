// SPDX-License-Identifier: GPL-2.0-or-later
// An enum or another sign is passed and given back as it was.
// option: --layout
// exit: 0
// silent: refused
// silent: warning
// says: changed function: xmit
#include "kernel.h"

enum tx {
	TX_OK,
	TX_BUSY = 16,
};

#ifdef PATCHED
typedef enum tx xmit_fn(unsigned int length);
#else
typedef int xmit_fn(int length);
#endif

struct operations {
	const char *name;
	xmit_fn *xmit;
};

#ifdef PATCHED
static enum tx xmit(unsigned int length)
{
	return helper(length + 1) ? TX_OK : TX_BUSY;
}
#else
static int xmit(int length)
{
	return helper(length) ? 0 : 16;
}
#endif

const struct operations operations = { "one", xmit };
