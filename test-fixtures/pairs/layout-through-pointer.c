// SPDX-License-Identifier: GPL-2.0-or-later
// Two pointers away, without a variable of the type: the loaded offset tells.
// option: --layout
// exit: 2
// says: struct far (
// says: members move
// says: by far of struct session
#include "kernel.h"

struct far {
	long a;
#ifdef PATCHED
	long new;
#endif
	long b;
};

struct session {
	long id;
	int state;
	long between[5];
	struct far *far;
};

struct outer {
	long more[7];
	struct session *session;
};

int set_state(struct outer *outer, int state)
{
	outer->session->far->b = state;
#ifdef PATCHED
	state++;
#endif
	return helper(state);
}
