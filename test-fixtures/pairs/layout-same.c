// SPDX-License-Identifier: GPL-2.0-or-later
// Other names for the same: a typedef, a qualifier, a pointer that had no type.
// option: --layout
// exit: 0
// says: changed function: set_state
// silent: layout changes
// silent: refused
#include "kernel.h"

typedef unsigned int number;

struct session {
#ifdef PATCHED
	number count;
	struct session *const next;
#else
	unsigned int count;
	void *next;
#endif
	struct {
		int a;
		union {
			int b;
			char c[4];
		};
	};
};

int set_state(struct session *session)
{
#ifdef PATCHED
	session->count += 3;
#endif
	return helper(session->count) + session->b;
}
