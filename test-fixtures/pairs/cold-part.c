// SPDX-License-Identifier: GPL-2.0-or-later
// A cold part goes with its function, inside of its symbol.
// exit: 0
// says: changed function: hot
// silent: changed function: hot.cold
// no-section: .text.unlikely.hot
#include "kernel.h"
extern __attribute__((cold)) void complain(int a);

int hot(int a)
{
	if (a == 77) {
		complain(a);
#ifdef PATCHED
		complain(a + 1);
#endif
		a = helper(a);
	}
	return helper(a) + 1;
}
