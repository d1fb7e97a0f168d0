// SPDX-License-Identifier: GPL-2.0-or-later
// A structure that others allocate grows: both layouts, who allocates it, what to do.
// option: --layout
// exit: 2
// says: layout-grown.c:17): its size
// says: refused: struct session
// says: its size becomes 32, from 16, a member is new
// says: touched by set_state() (by session)
// says: make_session(), which calls example_alloc()
// says: >    24  int generation
// says: klp_shadow_get_or_alloc
// says: [layout]
#include "kernel.h"

void *example_alloc(unsigned long size);

struct session {
	long id;
	int state;
#ifdef PATCHED
	long pad;
	int generation;
#endif
};

struct session *make_session(void)
{
	struct session *made = example_alloc(64);

	made->id = helper(1);
	return made;
}

int set_state(struct session *session, int state)
{
	session->state = state;
#ifdef PATCHED
	session->generation++;
#endif
	return helper(state);
}
