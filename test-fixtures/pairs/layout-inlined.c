// SPDX-License-Identifier: GPL-2.0-or-later
// A type of inlined code only.
// option: --layout
// exit: 2
// says: struct session (
// says: by session of touch(), inlined
#include "kernel.h"

struct session {
	long id;
#ifdef PATCHED
	long new;
#endif
	int state;
};

static inline void touch(struct session *session, int state)
{
	session->state = state;
}

int set_state(void *data, int state)
{
	touch(data, state);
	return helper(state);
}
