// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include "read-dwarf.h"

/* With a handler, a call without a place for an error does not end the program. */
static void ignore_error(Dwarf_Error error, Dwarf_Ptr unused)
{
}

bool debug_info_open(const char *path, Dwarf_Debug *ret)
{
	Dwarf_Error error = NULL;

	/* Before there is a Dwarf_Debug the handler does not count: then only the place does. */
	if (dwarf_init_path(path, NULL, 0, DW_DLC_READ, DW_GROUPNUMBER_ANY, ignore_error, NULL, ret,
			    NULL, 0, NULL, &error) == DW_DLV_OK)
		return true;
	dwarf_dealloc_error(NULL, error);
	return false;
}
