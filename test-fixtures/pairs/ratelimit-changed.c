// SPDX-License-Identifier: GPL-2.0-or-later
// The limits of a call site's rate limit are part of the function that has it.
// exit: 0
// says: changed function: noisy
#include "kernel.h"
#ifdef PATCHED
#define BURST 1
#else
#define BURST 10
#endif
struct ratelimit_state {
	int interval, burst;
};

int noisy(int a)
{
	static struct ratelimit_state _rs = { 5, BURST };

	might_use(&_rs);
	return helper(a);
}
