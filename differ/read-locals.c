// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which function declares a static local, from DWARF: its name (count.57) does not tell.
 * In: an object. Out: the places of such variables, and the functions' names as in the source.
 *
 * A variable's place is in a relocation: DW_AT_location is a block of DW_OP_addr and eight bytes
 * to fill in. libdwarf would add up the numbers and forget which section is meant.
 */
#include <gelf.h>
#include <libdwarf/dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "read-dwarf.h"
#include "model.h"
#include "read-locals.h"

struct reading {
	const struct object *object;
	Dwarf_Debug debug;
	const Elf64_Rela *relas; /* of .debug_info, by offset */
	size_t rela_count;
	struct locals *locals;
	bool out_of_memory;
};

/* gas writes them in order; in another one, some are not found. */
static const Elf64_Rela *find_rela(const struct reading *reading, uint64_t offset)
{
	size_t low = 0, high = reading->rela_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (reading->relas[middle].r_offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < reading->rela_count && reading->relas[low].r_offset == offset ?
		       &reading->relas[low] :
		       NULL;
}

/* The relocation of a location that is one address: a byte of length, DW_OP_addr, the address. */
static const Elf64_Rela *location_rela(const struct reading *reading, Dwarf_Die die)
{
	const Elf64_Rela *rela = NULL;
	Dwarf_Attribute attribute;
	Dwarf_Off offset;
	Dwarf_Half form;

	if (dwarf_attr(die, DW_AT_location, &attribute, NULL) != DW_DLV_OK)
		return NULL;
	if (dwarf_whatform(attribute, &form, NULL) == DW_DLV_OK && form == DW_FORM_exprloc &&
	    dwarf_attr_offset(die, attribute, &offset, NULL) == DW_DLV_OK)
		rela = find_rela(reading, offset + 2);
	dwarf_dealloc_attribute(attribute);
	return rela && ELF64_R_TYPE(rela->r_info) == R_X86_64_64 ? rela : NULL;
}

/* The name of a function, or of the one that it is an instance of; malloc'd, or NULL. */
static char *function_name(struct reading *reading, Dwarf_Die die, int depth)
{
	Dwarf_Attribute attribute;
	char *name = NULL, *found;
	Dwarf_Off offset;
	Dwarf_Die origin;

	if (dwarf_diename(die, &found, NULL) == DW_DLV_OK) {
		name = strdup(found);
		reading->out_of_memory |= !name;
		return name;
	}
	if (!depth || (dwarf_attr(die, DW_AT_abstract_origin, &attribute, NULL) != DW_DLV_OK &&
		       dwarf_attr(die, DW_AT_specification, &attribute, NULL) != DW_DLV_OK))
		return NULL;
	if (dwarf_global_formref(attribute, &offset, NULL) == DW_DLV_OK &&
	    dwarf_offdie_b(reading->debug, offset, 1, &origin, NULL) == DW_DLV_OK) {
		name = function_name(reading, origin, depth - 1);
		dwarf_dealloc_die(origin);
	}
	dwarf_dealloc_attribute(attribute);
	return name;
}

static void add_local(struct reading *reading, Dwarf_Die die, const char *function)
{
	const Elf64_Rela *rela = location_rela(reading, die);
	const struct symbol *symbol;
	struct local *local;

	if (!rela || !function || ELF64_R_SYM(rela->r_info) >= reading->object->symbol_count)
		return;
	symbol = &reading->object->symbols[ELF64_R_SYM(rela->r_info)];
	if (!symbol_is_defined(reading->object, symbol))
		return;
	local = array_add(reading->locals);
	if (local)
		*local = (struct local){
			.section = symbol->section,
			.offset = symbol->value + (uint64_t)rela->r_addend,
			.function = arena_strdup(&reading->locals->arena, function),
		};
	if (!local || !local->function)
		reading->out_of_memory = true;
}

/* Depth first; takes die over. function: the one around it, or NULL. */
static void walk(struct reading *reading, Dwarf_Die die, const char *function)
{
	while (die) {
		Dwarf_Die child, next = NULL;
		char *name = NULL;
		Dwarf_Half tag = 0;

		dwarf_tag(die, &tag, NULL);
		if (tag == DW_TAG_variable)
			add_local(reading, die, function);
		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine)
			name = function_name(reading, die, 4);
		if ((name || tag == DW_TAG_lexical_block) &&
		    dwarf_child(die, &child, NULL) == DW_DLV_OK)
			walk(reading, child, name ? name : function);
		free(name);
		if (dwarf_siblingof_b(reading->debug, die, 1, &next, NULL) != DW_DLV_OK)
			next = NULL;
		dwarf_dealloc_die(die);
		die = next;
	}
}

static void read_units(struct reading *reading)
{
	Dwarf_Unsigned length, abbrev, next, type;
	Dwarf_Half version, address, width, extension, kind;
	Dwarf_Die die, child;
	Dwarf_Sig8 signature;

	while (dwarf_next_cu_header_d(reading->debug, 1, &length, &version, &abbrev, &address,
				      &width, &extension, &signature, &type, &next, &kind,
				      NULL) == DW_DLV_OK) {
		if (dwarf_siblingof_b(reading->debug, NULL, 1, &die, NULL) != DW_DLV_OK)
			return;
		if (dwarf_child(die, &child, NULL) == DW_DLV_OK)
			walk(reading, child, NULL);
		dwarf_dealloc_die(die);
	}
}

static void find_relas(struct reading *reading)
{
	const struct object *object = reading->object;

	for (size_t i = 1; i < object->section_count; i++) {
		Elf_Data *data;

		if (object->sections[i].type != SHT_RELA ||
		    strcmp(object->sections[i].name, ".rela.debug_info"))
			continue;
		data = elf_getdata(elf_getscn(object->elf, i), NULL);
		if (!data)
			continue;
		reading->relas = data->d_buf;
		reading->rela_count = data->d_size / sizeof(Elf64_Rela);
	}
}

struct error *locals_read(const struct object *object, struct locals *ret)
{
	struct reading reading = { .object = object, .locals = ret };
	struct debug_info info;

	*ret = (struct locals){ 0 };
	find_relas(&reading);
	if (!reading.rela_count)
		return NULL;
	if (debug_info_open(object->path, &info)) {
		reading.debug = info.debug;
		read_units(&reading);
		debug_info_close(&info);
	}
	return reading.out_of_memory || info.out_of_memory ? error_nomem() : NULL;
}

void locals_destroy(struct locals *locals)
{
	free(locals->items);
	arena_destroy(&locals->arena);
}
