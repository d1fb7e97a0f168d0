// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the path of an object. Out: its types, and its functions and variables with the types that
 * they use. DIEs refer to each other by their offsets in .debug_info, so what is read keeps the
 * offsets at first; when all is there they become numbers of types.
 */
#include <libdwarf/dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "read-dwarf.h"
#include "read-layouts.h"

#define NO_DIE UINT64_MAX

/* Reading: everything by DIE. */
struct raw_member {
	struct type_member member;
	uint64_t type; /* DIE */
};

struct raw_type {
	uint64_t die, target;
	struct type type;
	struct {
		struct raw_member *items;
		size_t count, room;
	} members;
};

struct raw_use {
	uint64_t die;	 /* of the type; or of the function that is inlined */
	bool is_inlined;
	bool variable, parameter; /* parameter: of the function itself */
	const char *name;
};

struct raw_user {
	uint64_t die, origin; /* the function that this is an instance of */
	uint64_t result;
	struct type_user user;
	struct {
		struct raw_use *items;
		size_t count, room;
	} uses;
};

struct reading {
	struct layouts *layouts;
	Dwarf_Debug debug;
	char **files;
	uint64_t file_count, file_base;
	struct {
		struct raw_type *items;
		size_t count, room;
	} types; /* by DIE, as they are read */
	struct {
		struct raw_user *items;
		size_t count, room;
	} users; /* likewise */
	bool out_of_memory;
};

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

static void read_units(struct reading *reading)
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

/* DIEs become numbers. */

static int type_by_die(const void *left, const void *right)
{
	const struct raw_type *a = left, *b = right;

	return a->die < b->die ? -1 : a->die > b->die;
}

static int user_by_die(const void *left, const void *right)
{
	const struct raw_user *a = left, *b = right;

	return a->die < b->die ? -1 : a->die > b->die;
}

static uint32_t find_type(const struct reading *reading, uint64_t die)
{
	struct raw_type key = { .die = die }, *found;

	if (die == NO_DIE || !reading->types.count)
		return TYPE_NONE;
	found = bsearch(&key, reading->types.items, reading->types.count, sizeof(key), type_by_die);
	return found ? (uint32_t)(found - reading->types.items) : TYPE_NONE;
}

static const struct raw_user *find_user(const struct reading *reading, uint64_t die)
{
	struct raw_user key = { .die = die };

	if (die == NO_DIE || !reading->users.count)
		return NULL;
	return bsearch(&key, reading->users.items, reading->users.count, sizeof(key), user_by_die);
}

static bool resolve_type(struct reading *reading, const struct raw_type *raw)
{
	struct layouts *layouts = reading->layouts;
	struct type *type = array_add(&layouts->types);

	if (!type)
		return false;
	*type = raw->type;
	type->target = find_type(reading, raw->target);
	type->member_count = raw->members.count;
	type->members = arena_alloc(&layouts->arena, (raw->members.count + 1) * sizeof(*type->members));
	if (!type->members)
		return false;
	for (size_t i = 0; i < raw->members.count; i++) {
		type->members[i] = raw->members.items[i].member;
		type->members[i].type = find_type(reading, raw->members.items[i].type);
	}
	return true;
}

struct use_list {
	struct type_use *items;
	size_t count, room;
};

static bool add_type_use(struct use_list *list, uint32_t type, const struct raw_use *use,
			 const char *inlined)
{
	struct type_use *place;

	if (type == TYPE_NONE)
		return true;
	place = array_add(list);
	if (!place)
		return false;
	*place = (struct type_use){ type, use && use->variable, use ? use->name : NULL, inlined };
	return true;
}

/* An instance tells of itself only where it is, an inlined function's DIE the rest. */
static bool add_uses(const struct reading *reading, const struct raw_user *raw, const char *inlined,
		     struct use_list *list)
{
	const struct raw_user *origin = find_user(reading, raw->origin);

	for (size_t i = 0; i < raw->uses.count; i++) {
		const struct raw_use *use = &raw->uses.items[i];
		const struct raw_user *other = use->is_inlined ? find_user(reading, use->die) : NULL;

		if (!use->is_inlined &&
		    !add_type_use(list, find_type(reading, use->die), use, inlined))
			return false;
		/* what is inlined into that is told by the instance around */
		for (size_t j = 0; other && j < other->uses.count; j++)
			if (!other->uses.items[j].is_inlined &&
			    !add_type_use(list, find_type(reading, other->uses.items[j].die),
					  &other->uses.items[j], other->user.name))
				return false;
		if (other && !add_type_use(list, find_type(reading, other->result), NULL,
					   other->user.name))
			return false;
	}
	for (size_t j = 0; origin && j < origin->uses.count; j++)
		if (!origin->uses.items[j].is_inlined &&
		    !add_type_use(list, find_type(reading, origin->uses.items[j].die),
				  &origin->uses.items[j], inlined))
			return false;
	return add_type_use(list, find_type(reading, raw->result), NULL, inlined) &&
	       (!origin || add_type_use(list, find_type(reading, origin->result), NULL, inlined));
}

static int use_compare(const void *left, const void *right)
{
	const struct type_use *a = left, *b = right;

	return a->type != b->type ? (a->type < b->type ? -1 : 1) :
	       a->variable != b->variable ? b->variable - a->variable : !!a->inlined - !!b->inlined;
}

/* One of each type, and of a variable of it. */
static void unite_uses(struct use_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), use_compare);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || list->items[kept - 1].type != list->items[i].type ||
		    list->items[kept - 1].variable != list->items[i].variable)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

static bool resolve_parameters(struct reading *reading, const struct raw_user *raw,
			       struct type_user *user)
{
	user->parameters = arena_alloc(&reading->layouts->arena,
				       (raw->uses.count + 1) * sizeof(*user->parameters));
	for (size_t i = 0; user->parameters && i < raw->uses.count; i++)
		if (raw->uses.items[i].parameter)
			user->parameters[user->parameter_count++] =
				find_type(reading, raw->uses.items[i].die);
	return user->parameters;
}

static bool resolve_user(struct reading *reading, const struct raw_user *raw)
{
	const struct raw_user *origin = find_user(reading, raw->origin);
	struct type_user *user = array_add(&reading->layouts->users);
	struct use_list list = { 0 };
	bool done;

	if (!user)
		return false;
	*user = raw->user;
	if (origin && !user->name) {
		user->name = origin->user.name;
		user->file = origin->user.file;
		user->line = origin->user.line;
	}
	user->result = find_type(reading, raw->result != NO_DIE || !origin ? raw->result :
									     origin->result);
	if (!user->name)
		user->name = "";
	done = add_uses(reading, raw, NULL, &list);
	unite_uses(&list);
	user->use_count = list.count;
	user->uses = arena_alloc(&reading->layouts->arena, (list.count + 1) * sizeof(*user->uses));
	if (user->uses && list.count)
		memcpy(user->uses, list.items, list.count * sizeof(*list.items));
	free(list.items);
	return done && user->uses && resolve_parameters(reading, origin ?: raw, user);
}

static int user_by_name(const void *left, const void *right)
{
	const struct type_user *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : a->defined != b->defined ? b->defined - a->defined :
	       a->use_count > b->use_count ? -1 : a->use_count < b->use_count;
}

/* What has no tag is known by its typedef, or an enum by what it names. */
static void name_anonymous(struct layouts *layouts)
{
	for (size_t i = 0; i < layouts->types.count; i++) {
		const struct type *alias = &layouts->types.items[i];
		struct type *target;

		if (alias->kind != TYPE_ALIAS || !alias->name || alias->target == TYPE_NONE)
			continue;
		target = &layouts->types.items[alias->target];
		if (target->name || !(type_is_composite(target) || target->kind == TYPE_ENUM))
			continue;
		target->name = alias->name;
		target->anonymous = true;
	}
	/* an enum that only gives names to numbers: the first of them */
	for (size_t i = 0; i < layouts->types.count; i++) {
		struct type *type = &layouts->types.items[i];

		if (type->kind == TYPE_ENUM && !type->name && type->member_count)
			type->name = type->members[0].name;
	}
}

static void resolve(struct reading *reading)
{
	struct layouts *layouts = reading->layouts;

	if (reading->types.count)
		qsort(reading->types.items, reading->types.count, sizeof(*reading->types.items),
		      type_by_die);
	for (size_t i = 0; i < reading->types.count && !reading->out_of_memory; i++)
		reading->out_of_memory = !resolve_type(reading, &reading->types.items[i]);
	name_anonymous(layouts);
	for (size_t i = 0; i < reading->users.count && !reading->out_of_memory; i++)
		reading->out_of_memory = !resolve_user(reading, &reading->users.items[i]);
	if (layouts->users.count)
		qsort(layouts->users.items, layouts->users.count, sizeof(*layouts->users.items),
		      user_by_name);
}

static void reading_end(struct reading *reading)
{
	for (size_t i = 0; i < reading->types.count; i++)
		free(reading->types.items[i].members.items);
	for (size_t i = 0; i < reading->users.count; i++)
		free(reading->users.items[i].uses.items);
	free(reading->types.items);
	free(reading->users.items);
}

struct error *layouts_read(const char *object_path, struct layouts **ret)
{
	struct layouts *layouts = calloc(1, sizeof(*layouts));
	struct reading reading = { .layouts = layouts };
	struct debug_info info;

	if (!layouts)
		return error_nomem();
	if (debug_info_open(object_path, &info)) {
		reading.debug = info.debug;
		read_units(&reading);
		debug_info_close(&info);
	}
	reading.out_of_memory |= info.out_of_memory || layouts->arena.failed;
	resolve(&reading);
	reading_end(&reading);
	if (reading.out_of_memory) {
		layouts_destroy(layouts);
		return error_nomem();
	}
	*ret = layouts;
	return NULL;
}

void layouts_destroy(struct layouts *layouts)
{
	if (!layouts)
		return;
	free(layouts->types.items);
	free(layouts->users.items);
	arena_destroy(&layouts->arena);
	free(layouts);
}

const struct type_user *layouts_user(const struct layouts *layouts, const char *name)
{
	size_t length = strcspn(name, "."), low = 0, high = layouts->users.count;
	const struct type_user *found;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strncmp(layouts->users.items[middle].name, name, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == layouts->users.count)
		return NULL;
	found = &layouts->users.items[low];
	return strncmp(found->name, name, length) || found->name[length] ? NULL : found;
}
