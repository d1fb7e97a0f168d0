// SPDX-License-Identifier: GPL-2.0-or-later
// A new value at the end: the others keep theirs, the one that counts them grows.
// option: --layout
// exit: 0
// says: changed function: set_state
// silent: refused
#include "kernel.h"

enum state {
	STATE_NONE,
	STATE_OPEN,
#ifdef PATCHED
	STATE_LATE,
#endif
	__STATE_MAX,
	STATE_MAX = __STATE_MAX - 1,
};

struct session {
	enum state state;
};

int set_state(struct session *session, int late)
{
	session->state = STATE_OPEN;
#ifdef PATCHED
	if (late)
		session->state = STATE_LATE;
#endif
	return helper(STATE_MAX);
}
