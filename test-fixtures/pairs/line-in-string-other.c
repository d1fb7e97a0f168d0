// SPDX-License-Identifier: GPL-2.0-or-later
// A number behind a source's name that is no line of the function is a change; so is one that is behind no source's.
// exit: 0
// says: changed function: above
// says: changed function: tells
// says: changed function: port
#include "kernel.h"
extern void tell(const char *text, long size);

int above(int a)
{
#ifdef PATCHED
	a = helper(a) + 2;
#endif
	return helper(a);
}

int tells(int a)
{
#ifdef PATCHED
	tell("see fs/namei.c:4120", 7);
#else
	tell("see fs/namei.c:4110", 7);
#endif
	return helper(a) + 1;
}

int port(int a)
{
	if (a > 3)
#ifdef PATCHED
		tell("localhost:31", 7);
#else
		tell("localhost:33", 7);
#endif
	return helper(a) + 1;
}
