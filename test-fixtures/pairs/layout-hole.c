// SPDX-License-Identifier: GPL-2.0-or-later
// A new member where nothing was: what lives holds anything there.
// option: --layout
// exit: 2
// says: a member is new
// says: If all of it was allocated zeroed
#include "kernel.h"

struct session {
	long id;
	int state;
#ifdef PATCHED
	int generation;
#endif
};

int set_state(struct session *session, int state)
{
	session->state = state;
#ifdef PATCHED
	session->generation++;
#endif
	return helper(state);
}
