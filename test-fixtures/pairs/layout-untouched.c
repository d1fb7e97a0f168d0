// SPDX-License-Identifier: GPL-2.0-or-later
// A structure that no function of the patch touches: it is in sight of one through a pointer that
// its code does not follow.
// option: --layout
// exit: 0
// says: changed function: set_state
// says: no function of the patch touches it
// silent: refused
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

int set_state(struct session *session, int state)
{
	session->state = state;
#ifdef PATCHED
	session->id = 3;
#endif
	return helper(state);
}
