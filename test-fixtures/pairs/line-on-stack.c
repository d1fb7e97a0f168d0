// SPDX-License-Identifier: GPL-2.0-or-later
// A line number that is the seventh argument is passed on the stack.
// exit: 3
#include "kernel.h"
extern void *new_inode_at(void *handle, void *dir, int mode, void *name, int goal, void *owner,
			  int line, int blocks);
#ifdef PATCHED
#line 1002
#else
#line 1000
#endif
int creates(void *handle, void *dir)
{
	return new_inode_at(handle, dir, 0644, dir, 0, handle, __LINE__, 7) != 0;
}
