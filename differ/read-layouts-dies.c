// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: an object's debug information. Out: its types, and its functions and variables with what they
 * use, by DIE.
 */
#include <libdwarf/dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "read-layouts-dies.h"

/* What is not there is one thing, and what cannot be read another: nobody knows then what it is. */
static bool got(struct reading *reading, int status)
{
	reading->layouts->broken |= status == DW_DLV_ERROR;
	return status == DW_DLV_OK;
}

static uint64_t die_offset(Dwarf_Die die)
{
	Dwarf_Off offset;

	return dwarf_dieoffset(die, &offset, NULL) == DW_DLV_OK ? offset : NO_DIE;
}

static uint64_t die_type(struct reading *reading, Dwarf_Die die)
{
	Dwarf_Off offset;

	return got(reading, dwarf_dietype_offset(die, &offset, NULL)) ? offset : NO_DIE;
}

static uint64_t die_reference(struct reading *reading, Dwarf_Die die, Dwarf_Half name)
{
	Dwarf_Attribute attribute;
	Dwarf_Off offset;
	uint64_t found = NO_DIE;

	if (!got(reading, dwarf_attr(die, name, &attribute, NULL)))
		return NO_DIE;
	if (dwarf_global_formref(attribute, &offset, NULL) == DW_DLV_OK)
		found = offset;
	dwarf_dealloc_attribute(attribute);
	return found;
}

/* A constant, however it is written. */
static bool die_number(struct reading *reading, Dwarf_Die die, Dwarf_Half name, int64_t *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Unsigned number;
	Dwarf_Signed with_sign;
	Dwarf_Half form;
	bool found;

	if (!got(reading, dwarf_attr(die, name, &attribute, NULL)))
		return false;
	found = dwarf_whatform(attribute, &form, NULL) == DW_DLV_OK;
	if (found && (form == DW_FORM_implicit_const || form == DW_FORM_sdata)) {
		found = dwarf_formsdata(attribute, &with_sign, NULL) == DW_DLV_OK;
		*ret = with_sign;
	} else if (found) {
		found = dwarf_formudata(attribute, &number, NULL) == DW_DLV_OK;
		*ret = (int64_t)number;
	}
	dwarf_dealloc_attribute(attribute);
	return found;
}

static bool die_flag(Dwarf_Die die, Dwarf_Half name)
{
	Dwarf_Bool flag;

	return dwarf_hasattr(die, name, &flag, NULL) == DW_DLV_OK && flag;
}

static const char *die_name(struct reading *reading, Dwarf_Die die)
{
	char *name, *copy;

	if (!got(reading, dwarf_diename(die, &name, NULL)))
		return NULL;
	copy = arena_strdup(&reading->layouts->arena, name);
	reading->out_of_memory |= !copy;
	return copy;
}

static void die_place(struct reading *reading, Dwarf_Die die, const char **file_ret,
		      unsigned int *line_ret)
{
	int64_t file, line;

	if (!die_number(reading, die, DW_AT_decl_file, &file) || !die_number(reading, die, DW_AT_decl_line, &line) ||
	    (uint64_t)file - reading->file_base >= reading->file_count)
		return;
	*file_ret = reading->files[(uint64_t)file - reading->file_base];
	*line_ret = (unsigned int)line;
}

static enum type_kind kind_of(Dwarf_Half tag)
{
	switch (tag) {
	case DW_TAG_base_type:
		return TYPE_BASE;
	case DW_TAG_pointer_type:
		return TYPE_POINTER;
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		return TYPE_ALIAS;
	case DW_TAG_structure_type:
		return TYPE_STRUCT;
	case DW_TAG_union_type:
		return TYPE_UNION;
	case DW_TAG_enumeration_type:
		return TYPE_ENUM;
	case DW_TAG_array_type:
		return TYPE_ARRAY;
	case DW_TAG_subroutine_type:
		return TYPE_FUNCTION;
	default:
		return TYPE_OTHER;
	}
}

static void read_member(struct reading *reading, struct raw_type *type, Dwarf_Die die)
{
	struct raw_member *raw = array_add(&type->members);
	int64_t number;

	if (!raw) {
		reading->out_of_memory = true;
		return;
	}
	raw->member.name = die_name(reading, die);
	raw->type = die_type(reading, die);
	if (die_number(reading, die, DW_AT_data_bit_offset, &number))
		raw->member.bit = (uint64_t)number;
	else if (die_number(reading, die, DW_AT_data_member_location, &number))
		raw->member.bit = (uint64_t)number * 8;
	if (die_number(reading, die, DW_AT_bit_size, &number))
		raw->member.bits = (uint64_t)number;
	if (die_number(reading, die, DW_AT_const_value, &number))
		raw->member.value = number;
}

static void read_bound(struct reading *reading, struct type *type, Dwarf_Die die)
{
	uint64_t elements = ELEMENTS_OPEN;
	int64_t number;

	if (die_number(reading, die, DW_AT_count, &number))
		elements = (uint64_t)number;
	else if (die_number(reading, die, DW_AT_upper_bound, &number))
		elements = (uint64_t)number + 1;
	type->elements = elements == ELEMENTS_OPEN || type->elements == ELEMENTS_OPEN ?
				 ELEMENTS_OPEN :
				 type->elements * elements;
}

static void read_type(struct reading *reading, Dwarf_Die die, enum type_kind kind)
{
	struct raw_type *raw = array_add(&reading->types);
	size_t number = reading->types.count - 1;
	Dwarf_Die child, next;
	Dwarf_Half tag;
	int64_t value;

	if (!raw) {
		reading->out_of_memory = true;
		return;
	}
	raw->die = die_offset(die);
	raw->target = die_type(reading, die);
	raw->type.kind = kind;
	raw->type.elements = 1;
	raw->type.constant = dwarf_tag(die, &tag, NULL) == DW_DLV_OK && tag == DW_TAG_const_type;
	raw->type.name = die_name(reading, die);
	raw->type.declaration = die_flag(die, DW_AT_declaration);
	die_place(reading, die, &raw->type.file, &raw->type.line);
	if (die_number(reading, die, DW_AT_byte_size, &value))
		raw->type.size = (uint64_t)value;
	if (die_number(reading, die, DW_AT_encoding, &value))
		raw->type.encoding = (uint32_t)value;
	if (!got(reading, dwarf_child(die, &child, NULL)))
		return;
	for (; child; child = next) {
		tag = 0;
		dwarf_tag(child, &tag, NULL);
		if (!got(reading, dwarf_siblingof_b(reading->debug, child, 1, &next, NULL)))
			next = NULL;
		raw = &reading->types.items[number];
		if (tag == DW_TAG_member || tag == DW_TAG_enumerator ||
		    tag == DW_TAG_formal_parameter)
			read_member(reading, raw, child);
		else if (tag == DW_TAG_subrange_type)
			read_bound(reading, &raw->type, child);
		else if (kind_of(tag) != TYPE_OTHER)
			read_type(reading, child, kind_of(tag));
		dwarf_dealloc_die(child);
	}
}

static void add_use(struct reading *reading, size_t user, struct raw_use use)
{
	struct raw_use *raw = array_add(&reading->users.items[user].uses);

	if (raw)
		*raw = use;
	else
		reading->out_of_memory = true;
}

/* Is its place one address, and not a register or something on the stack? */
static bool has_address(struct reading *reading, Dwarf_Die die)
{
	Dwarf_Attribute attribute;
	Dwarf_Unsigned length;
	Dwarf_Ptr block;
	Dwarf_Half form;
	bool found;

	if (!got(reading, dwarf_attr(die, DW_AT_location, &attribute, NULL)))
		return false;
	found = dwarf_whatform(attribute, &form, NULL) == DW_DLV_OK && form == DW_FORM_exprloc &&
		dwarf_formexprloc(attribute, &length, &block, NULL) == DW_DLV_OK && length == 9 &&
		*(const uint8_t *)block == DW_OP_addr;
	dwarf_dealloc_attribute(attribute);
	return found;
}

/* A static variable of a function; in code that was inlined, what it is called is told by the origin. */
static void read_local(struct reading *reading, Dwarf_Die die)
{
	uint64_t origin = die_reference(reading, die, DW_AT_abstract_origin);
	Dwarf_Die named = die;
	struct raw_local *raw;

	if (origin != NO_DIE && !got(reading, dwarf_offdie_b(reading->debug, origin, 1, &named, NULL)))
		return;
	raw = array_add(&reading->locals);
	if (raw)
		*raw = (struct raw_local){ .name = die_name(reading, named), .type = die_type(reading, named) };
	else
		reading->out_of_memory = true;
	if (origin != NO_DIE)
		dwarf_dealloc_die(named);
}

/* What is inside of a function, at any depth; takes die over. */
static void read_inside(struct reading *reading, size_t user, Dwarf_Die die, bool outermost)
{
	while (die) {
		Dwarf_Die child, next = NULL;
		Dwarf_Half tag = 0;

		dwarf_tag(die, &tag, NULL);
		if (tag == DW_TAG_formal_parameter || tag == DW_TAG_variable)
			add_use(reading, user,
				(struct raw_use){ .die = die_type(reading, die),
						  .variable = tag == DW_TAG_variable,
						  .parameter = outermost &&
							       tag == DW_TAG_formal_parameter,
						  .name = die_name(reading, die) });
		if (tag == DW_TAG_variable && has_address(reading, die))
			read_local(reading, die);
		else if (tag == DW_TAG_inlined_subroutine)
			add_use(reading, user,
				(struct raw_use){ .die = die_reference(reading, die, DW_AT_abstract_origin),
						  .is_inlined = true });
		else if (kind_of(tag) != TYPE_OTHER)
			read_type(reading, die, kind_of(tag));
		if ((tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block) &&
		    got(reading, dwarf_child(die, &child, NULL)))
			read_inside(reading, user, child, false);
		if (!got(reading, dwarf_siblingof_b(reading->debug, die, 1, &next, NULL)))
			next = NULL;
		dwarf_dealloc_die(die);
		die = next;
	}
}

static void read_user(struct reading *reading, Dwarf_Die die, Dwarf_Half tag)
{
	struct raw_user *raw = array_add(&reading->users);
	size_t number = reading->users.count - 1;
	Dwarf_Die child;

	if (!raw) {
		reading->out_of_memory = true;
		return;
	}
	raw->die = die_offset(die);
	raw->origin = die_reference(reading, die, DW_AT_abstract_origin);
	if (raw->origin == NO_DIE)
		raw->origin = die_reference(reading, die, DW_AT_specification);
	raw->result = die_type(reading, die);
	raw->user.name = die_name(reading, die);
	raw->user.function = tag == DW_TAG_subprogram;
	raw->user.defined = !die_flag(die, DW_AT_declaration);
	die_place(reading, die, &raw->user.file, &raw->user.line);
	if (got(reading, dwarf_child(die, &child, NULL)))
		read_inside(reading, number, child, true);
}

/* A unit's own children; takes die over. */
static void read_dies(struct reading *reading, Dwarf_Die die)
{
	while (die && !reading->out_of_memory) {
		Dwarf_Die next = NULL;
		Dwarf_Half tag = 0;

		dwarf_tag(die, &tag, NULL);
		if (tag == DW_TAG_subprogram || tag == DW_TAG_variable)
			read_user(reading, die, tag);
		else if (kind_of(tag) != TYPE_OTHER)
			read_type(reading, die, kind_of(tag));
		if (!got(reading, dwarf_siblingof_b(reading->debug, die, 1, &next, NULL)))
			next = NULL;
		dwarf_dealloc_die(die);
		die = next;
	}
	if (die)
		dwarf_dealloc_die(die);
}

static void read_files(struct reading *reading, Dwarf_Die die, Dwarf_Half version)
{
	struct arena *arena = &reading->layouts->arena;
	Dwarf_Signed count;
	char **files;

	reading->files = NULL;
	reading->file_count = 0;
	if (dwarf_srcfiles(die, &files, &count, NULL) != DW_DLV_OK)
		return;
	reading->files = arena_alloc(arena, ((size_t)count + 1) * sizeof(*reading->files));
	reading->file_count = reading->files ? (uint64_t)count : 0;
	reading->file_base = version >= 5 ? 0 : 1;
	for (Dwarf_Signed i = 0; i < count; i++) {
		/* klp-build maps the tree's path to ".". */
		if (reading->files)
			reading->files[i] =
				arena_strdup(arena, files[i] + (strncmp(files[i], "./", 2) ? 0 : 2));
		dwarf_dealloc(reading->debug, files[i], DW_DLA_STRING);
	}
	dwarf_dealloc(reading->debug, files, DW_DLA_LIST);
}

void reading_units(struct reading *reading)
{
	Dwarf_Unsigned next;
	Dwarf_Half version, type;
	Dwarf_Die die, child;

	while (!reading->out_of_memory &&
	       got(reading, dwarf_next_cu_header_d(reading->debug, 1, NULL, &version, NULL, NULL, NULL,
						   NULL, NULL, NULL, &next, &type, NULL))) {
		if (!got(reading, dwarf_siblingof_b(reading->debug, NULL, 1, &die, NULL)))
			continue;
		read_files(reading, die, version);
		if (!reading->layouts->unit_file)
			reading->layouts->unit_file = die_name(reading, die);
		if (got(reading, dwarf_child(die, &child, NULL)))
			read_dies(reading, child);
		dwarf_dealloc_die(die);
		reading->layouts->known = true;
	}
}

void reading_end(struct reading *reading)
{
	for (size_t i = 0; i < reading->types.count; i++)
		free(reading->types.items[i].members.items);
	for (size_t i = 0; i < reading->users.count; i++)
		free(reading->users.items[i].uses.items);
	free(reading->types.items);
	free(reading->users.items);
	free(reading->locals.items);
}
