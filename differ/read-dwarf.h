/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFFER_READ_DWARF_H
#define DIFFER_READ_DWARF_H

#include <libdwarf/libdwarf.h>
#include <stdbool.h>

/*
 * False when the file has no debug information that libdwarf can read: a broken table is as good
 * as none. Calls on *ret need no place for an error. Closed with dwarf_finish().
 */
bool debug_info_open(const char *path, Dwarf_Debug *ret);

#endif
