// SPDX-License-Identifier: GPL-2.0-or-later
// Of the constants passed to a function that takes a line number, only that one is a line.
// exit: 0
// says: changed function: writes
#include "kernel.h"
extern void *__ext4_journal_start_sb(void *inode, void *sb, unsigned int line, int type, int blocks,
				     int rsv_blocks, int revoke_creds);
#ifdef PATCHED
#define CREDITS 3
#else
#define CREDITS 2
#endif
int writes(void *inode, void *sb)
{
	return __ext4_journal_start_sb(inode, sb, __LINE__, 1, CREDITS, 0, 0) != 0;
}
