// SPDX-License-Identifier: GPL-2.0-or-later
// A lock in it: the kernel changes that as it runs.
// option: --data=apply
// exit: 2
// says: in a struct spinlock, which the kernel changes as it runs
#include "kernel.h"

struct spinlock {
	int owner, value;
};

struct guarded {
	long a;
	struct spinlock lock;
};

#ifdef PATCHED
struct guarded guarded = { 1, { -1, 7 } };
#else
struct guarded guarded = { 1, { -1, 8 } };
#endif
