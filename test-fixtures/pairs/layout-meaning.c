// SPDX-License-Identifier: GPL-2.0-or-later
// The same size at the same place, but something else; and a value that is another one.
// option: --layout
// exit: 2
// says: struct session (
// says: a member has another type
// says: | 
// says: enum state (
// says: a name has another value
// says: STATE_OPEN = 1
#include "kernel.h"

enum state {
	STATE_NONE,
#ifdef PATCHED
	STATE_EARLY,
#endif
	STATE_OPEN,
	STATE_MAX,
};

struct session {
	long id;
#ifdef PATCHED
	unsigned int count;
#else
	int count;
#endif
	enum state state;
};

int set_state(struct session *session)
{
	session->state = STATE_OPEN;
	return helper(session->count >> 1);
}
