// SPDX-License-Identifier: GPL-2.0-or-later
// The author accepts it.
// option: --allow-layout
// option: struct session
// exit: 0
// says: warning: struct session
// says: accepted by --allow-layout
// says: changed function: set_state
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
