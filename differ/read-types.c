// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How large a structure is, from DWARF.
 * In: the path of an object. Out: bytes; 0 when the debug information does not know, which is the
 * rule: gcc describes the types that are used, and most tables are filled in by assembly.
 */
#include <libdwarf/dwarf.h>
#include <stdbool.h>
#include <string.h>

#include "read-dwarf.h"
#include "read-types.h"

static bool is_struct(Dwarf_Die die, const char *name)
{
	Dwarf_Half tag = 0;
	char *found;

	return dwarf_tag(die, &tag, NULL) == DW_DLV_OK && tag == DW_TAG_structure_type &&
	       dwarf_diename(die, &found, NULL) == DW_DLV_OK && !strcmp(found, name);
}

/* Among the siblings of die, which is taken over; a declaration has no size. */
static uint64_t find_size(Dwarf_Debug debug, Dwarf_Die die, const char *name)
{
	Dwarf_Unsigned size = 0;

	while (die) {
		Dwarf_Die next = NULL;

		if (!size && is_struct(die, name) &&
		    dwarf_bytesize(die, &size, NULL) != DW_DLV_OK)
			size = 0;
		if (size || dwarf_siblingof_b(debug, die, 1, &next, NULL) != DW_DLV_OK)
			next = NULL;
		dwarf_dealloc_die(die);
		die = next;
	}
	return size;
}

struct error *types_struct_size(const char *object_path, const char *name, uint64_t *ret)
{
	Dwarf_Unsigned length, abbrev, next, type;
	Dwarf_Half version, address, width, extension, kind;
	Dwarf_Die die, child;
	Dwarf_Sig8 signature;
	struct debug_info info;
	uint64_t size = 0;

	*ret = 0;
	if (!debug_info_open(object_path, &info))
		return info.out_of_memory ? error_nomem() : NULL;
	while (!size && dwarf_next_cu_header_d(info.debug, 1, &length, &version, &abbrev, &address,
					       &width, &extension, &signature, &type, &next,
					       &kind, NULL) == DW_DLV_OK) {
		if (dwarf_siblingof_b(info.debug, NULL, 1, &die, NULL) != DW_DLV_OK)
			break;
		if (dwarf_child(die, &child, NULL) == DW_DLV_OK)
			size = find_size(info.debug, child, name);
		dwarf_dealloc_die(die);
	}
	debug_info_close(&info);
	*ret = size;
	return info.out_of_memory ? error_nomem() : NULL;
}
