// SPDX-License-Identifier: GPL-2.0-or-later
// A constant on the stack that is no line number is a change.
// exit: 0
// says: changed function: creates
#include "kernel.h"
extern void *new_inode_at(void *handle, void *dir, int mode, void *name, int goal, void *owner,
			  int limit, int blocks);
#ifdef PATCHED
#define LIMIT 1002
#else
#define LIMIT 1000
#endif
int creates(void *handle, void *dir)
{
	return new_inode_at(handle, dir, 0644, dir, 0, handle, LIMIT, 7) != 0;
}
