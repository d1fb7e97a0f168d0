// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "read-dwarf.h"

/* There are many numbers for it: DW_DLE_ALLOC_FAIL, DW_DLE_LINE_ALLOC, ... */
static bool is_allocation(Dwarf_Error error)
{
	return !error || strstr(dwarf_errmsg(error), "ALLOC");
}

/* With a handler, a call without a place for an error does not end the program. */
static void note_error(Dwarf_Error error, Dwarf_Ptr data)
{
	struct debug_info *info = data;

	info->out_of_memory |= is_allocation(error);
}

bool debug_info_open(const char *path, struct debug_info *ret)
{
	Dwarf_Error error = NULL;
	int status;

	*ret = (struct debug_info){ 0 };
	if (!debug_lists_are_whole(path))
		return false;
	/* Before there is a Dwarf_Debug the handler does not count: then only the place does. */
	status = dwarf_init_path(path, NULL, 0, DW_DLC_READ, DW_GROUPNUMBER_ANY, note_error, ret,
				 &ret->debug, NULL, 0, NULL, &error);
	if (status == DW_DLV_OK)
		return true;
	if (status == DW_DLV_ERROR)
		ret->out_of_memory = is_allocation(error);
	dwarf_dealloc_error(NULL, error);
	return false;
}

void debug_info_close(struct debug_info *info)
{
	dwarf_finish(info->debug, NULL);
}
