/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFFER_READ_DWARF_H
#define DIFFER_READ_DWARF_H

#include <libdwarf/libdwarf.h>
#include <stdbool.h>

struct debug_info {
	Dwarf_Debug debug;
	bool out_of_memory; /* an allocation failed, here or in a call on debug: what was read is
			     * not all there is */
};

/*
 * False when the file has no debug information that libdwarf can read: a broken table is as good
 * as none. Or without memory, which *ret tells. Calls on debug need no place for an error. *ret has
 * to stay where it is until it is closed; out_of_memory is still there then.
 */
bool debug_info_open(const char *path, struct debug_info *ret);
void debug_info_close(struct debug_info *info);

/* read-dwarf-lists.c: false when a table of lists is broken in a way that libdwarf must not see. */
bool debug_lists_are_whole(const char *path);

#endif
