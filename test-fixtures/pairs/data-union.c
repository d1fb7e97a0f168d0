// SPDX-License-Identifier: GPL-2.0-or-later
// option: --data=apply
// exit: 2
// says: is in a union
#include "kernel.h"

struct either {
	long a;
	union {
		long b;
		void *c;
	};
};

#ifdef PATCHED
const struct either either = { 1, { 3 } };
#else
const struct either either = { 1, { 2 } };
#endif
