// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the types of both objects. Out: those structures, unions and enums of one name whose layout
 * or meaning differs. What only one of them has is no change of a layout: nothing of it lives.
 */
#include <libdwarf/dwarf.h>
#include <stdlib.h>
#include <string.h>

#include <klpkit/error.h>

#include "layout.h"

#define DEPTH_LIMIT 16

static bool same(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b,
		 int depth);

static bool names_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool members_same(const struct layouts *orig, const struct type *a,
			 const struct layouts *patched, const struct type *b, int depth)
{
	if (a->member_count != b->member_count)
		return false;
	for (size_t i = 0; i < a->member_count; i++) {
		const struct type_member *left = &a->members[i], *right = &b->members[i];

		if (!names_equal(left->name, right->name) || left->bit != right->bit ||
		    left->bits != right->bits || left->value != right->value ||
		    !same(orig, left->type, patched, right->type, depth + 1))
			return false;
	}
	return true;
}

/* What a pointer points to: a structure by its name, for it has a verdict of its own. */
static bool pointees_same(const struct layouts *orig, uint32_t a, const struct layouts *patched,
			  uint32_t b, int depth)
{
	const struct type *left, *right;

	a = type_bare(orig, a);
	b = type_bare(patched, b);
	left = type_get(orig, a);
	right = type_get(patched, b);
	/* any pointer can be kept as void * */
	if (!left || !right)
		return true;
	if (left->kind == TYPE_BASE && right->kind == TYPE_BASE)
		return left->size == right->size;
	return same(orig, a, patched, b, depth + 1);
}

static bool functions_same(const struct layouts *orig, const struct type *a,
			   const struct layouts *patched, const struct type *b, int depth)
{
	if (a->member_count != b->member_count ||
	    !same(orig, a->target, patched, b->target, depth + 1))
		return false;
	for (size_t i = 0; i < a->member_count; i++)
		if (!same(orig, a->members[i].type, patched, b->members[i].type, depth + 1))
			return false;
	return true;
}

static bool same(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b,
		 int depth)
{
	const struct type *left = type_get(orig, type_bare(orig, a));
	const struct type *right = type_get(patched, type_bare(patched, b));

	if (!left || !right || depth > DEPTH_LIMIT)
		return !left == !right;
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case TYPE_BASE:
		return left->size == right->size && left->encoding == right->encoding;
	case TYPE_POINTER:
		return pointees_same(orig, left->target, patched, right->target, depth);
	case TYPE_ARRAY:
		return left->elements == right->elements &&
		       same(orig, left->target, patched, right->target, depth + 1);
	case TYPE_FUNCTION:
		return functions_same(orig, left, patched, right, depth);
	case TYPE_STRUCT:
	case TYPE_UNION:
	case TYPE_ENUM:
		if (left->name || right->name)
			return names_equal(left->name, right->name);
		if (left->kind == TYPE_ENUM)
			return left->size == right->size;
		return left->size == right->size && members_same(orig, left, patched, right, depth);
	default:
		return names_equal(left->name, right->name);
	}
}

bool types_same(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b)
{
	return same(orig, a, patched, b, 0);
}

static const struct type *pointed_function(const struct layouts *layouts, uint32_t number)
{
	const struct type *type = type_get(layouts, type_bare(layouts, number));

	type = type && type->kind == TYPE_POINTER ? type_get(layouts, type_bare(layouts, type->target)) : NULL;
	return type && type->kind == TYPE_FUNCTION ? type : NULL;
}

bool types_call(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b)
{
	return pointed_function(orig, a) && pointed_function(patched, b);
}

struct prototype prototype_of_function(const struct layouts *layouts, const struct type_user *user)
{
	return (struct prototype){ layouts, user->result, user->parameters, user->parameter_count };
}

struct prototype prototype_of_pointer(const struct layouts *layouts, uint32_t number)
{
	const struct type *type = pointed_function(layouts, number);

	return (struct prototype){ layouts, type->target, type->members, type->member_count };
}

static bool is_integer(const struct type *type)
{
	return type && (type->kind == TYPE_ENUM ||
			(type->kind == TYPE_BASE &&
			 (type->encoding == DW_ATE_signed || type->encoding == DW_ATE_unsigned ||
			  type->encoding == DW_ATE_signed_char || type->encoding == DW_ATE_unsigned_char)));
}

/* Passed alike: what is in the register means the same to both. */
static bool passes(const struct layouts *orig, uint32_t a, const struct layouts *patched, uint32_t b)
{
	const struct type *left = type_get(orig, type_bare(orig, a));
	const struct type *right = type_get(patched, type_bare(patched, b));

	return types_same(orig, a, patched, b) ||
	       (is_integer(left) && is_integer(right) && left->size == right->size);
}

static bool parameters_same(const struct prototype *a, const struct prototype *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!passes(a->layouts, a->parameters[i].type, b->layouts, b->parameters[i].type))
			return false;
	return true;
}

/* A structure may be given back in memory that the caller names; all else is in a register. */
static bool is_ignored(const struct prototype *a, const struct prototype *b)
{
	return type_bare(a->layouts, a->result) == TYPE_NONE &&
	       !type_is_composite(type_get(b->layouts, type_bare(b->layouts, b->result)));
}

bool prototype_suits(const struct prototype *a, const struct prototype *b)
{
	return b->count <= a->count && parameters_same(a, b, b->count) &&
	       (passes(a->layouts, a->result, b->layouts, b->result) || is_ignored(a, b));
}

bool prototypes_same(const struct prototype *a, const struct prototype *b)
{
	return a->count == b->count && parameters_same(a, b, a->count) &&
	       passes(a->layouts, a->result, b->layouts, b->result);
}

static bool flatten(const struct layouts *layouts, uint32_t number, uint64_t base, int depth,
		    struct flat *ret)
{
	const struct type *type = type_get(layouts, type_bare(layouts, number));

	if (!type_is_composite(type) || depth > DEPTH_LIMIT)
		return true;
	for (size_t i = 0; i < type->member_count; i++) {
		const struct type_member *member = &type->members[i];
		struct flat_member *place;

		if (!member->name && !member->bits) {
			if (!flatten(layouts, member->type, base + member->bit, depth + 1, ret))
				return false;
			continue;
		}
		place = array_add(ret);
		if (!place)
			return false;
		*place = (struct flat_member){ member->name, base + member->bit, member->bits,
					       member->type };
	}
	return true;
}

bool layout_flatten(const struct layouts *layouts, uint32_t type, struct flat *ret)
{
	*ret = (struct flat){ 0 };
	return flatten(layouts, type, 0, 0, ret);
}

static uint64_t size_of(const struct layouts *layouts, uint32_t number, int depth)
{
	const struct type *type = type_get(layouts, type_bare(layouts, number));

	if (!type || depth > DEPTH_LIMIT)
		return 0;
	if (type->kind == TYPE_POINTER && !type->size)
		return 8;
	if (type->kind == TYPE_ARRAY)
		return type->elements == ELEMENTS_OPEN ?
			       0 :
			       type->elements * size_of(layouts, type->target, depth + 1);
	return type->size;
}

uint64_t flat_end(const struct layouts *layouts, const struct flat_member *member)
{
	return member->bit + (member->bits ?: size_of(layouts, member->type, 0) * 8);
}

static const struct flat_member *flat_find(const struct flat *flat, const char *name)
{
	for (size_t i = 0; i < flat->count; i++)
		if (flat->items[i].name && !strcmp(flat->items[i].name, name))
			return &flat->items[i];
	return NULL;
}

/* The members themselves; true when there is a difference. */
static void compare_members(const struct layout_changes *changes, struct layout_change *change,
			    const struct flat *before, const struct flat *after)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct flat_member *old = &before->items[i];
		const struct flat_member *new = old->name ? flat_find(after, old->name) : NULL;

		if (!old->name)
			continue;
		if (!new) {
			change->removed = true;
			continue;
		}
		change->moved |= old->bit != new->bit;
		if (old->bits == new->bits &&
		    types_same(changes->orig, old->type, changes->patched, new->type)) {
			if (size_of(changes->orig, old->type, 0) <
			    size_of(changes->patched, new->type, 0))
				change->member_grew = new->type;
			continue;
		}
		if (types_call(changes->orig, old->type, changes->patched, new->type))
			change->recalled = true;
		else
			change->retyped = true;
	}
	for (size_t i = 0; i < after->count; i++)
		change->added |= after->items[i].name && !flat_find(before, after->items[i].name);
}

static struct error *compare_composites(const struct layout_changes *changes,
					struct layout_change *change)
{
	const struct type *a = type_get(changes->orig, change->orig);
	const struct type *b = type_get(changes->patched, change->patched);
	struct flat before, after = { 0 };
	bool done = layout_flatten(changes->orig, change->orig, &before) &&
		    layout_flatten(changes->patched, change->patched, &after);

	change->resized = a->size != b->size;
	if (done)
		compare_members(changes, change, &before, &after);
	free(before.items);
	free(after.items);
	return done ? NULL : error_nomem();
}

static const struct type_member *enum_find(const struct type *type, const char *name)
{
	for (size_t i = 0; i < type->member_count; i++)
		if (type->members[i].name && !strcmp(type->members[i].name, name))
			return &type->members[i];
	return NULL;
}

/* It counts the others: by its name, and by its place: __FOO_MAX, FOO_MAX = __FOO_MAX - 1. */
static bool is_bound(const struct type *type, const struct type_member *member)
{
	static const char *const words[] = { "MAX", "NUM", "NR_", "_NR", "COUNT", "CNT", "LAST",
					     "END", "LIMIT", "SIZE" };
	size_t above = 0;

	for (size_t i = 0; i < type->member_count; i++)
		above += type->members[i].value > member->value;
	for (size_t i = 0; above <= 1 && i < sizeof(words) / sizeof(*words); i++)
		if (strstr(member->name, words[i]))
			return true;
	return false;
}

/* A name with another value; but not one that counts them, which grows with a new name. */
static void compare_enums(const struct type *a, const struct type *b, struct layout_change *change)
{
	change->resized = a->size != b->size;
	for (size_t i = 0; i < a->member_count; i++) {
		const struct type_member *old = &a->members[i];
		const struct type_member *new = old->name ? enum_find(b, old->name) : NULL;

		if (new && old->value != new->value && !(is_bound(a, old) && is_bound(b, new)))
			change->values = true;
	}
}

static bool change_is_one(const struct layout_change *change)
{
	return change->resized || change->moved || change->added || change->removed ||
	       change->retyped || change->recalled || change->values;
}

static bool has_layout(const struct type *type)
{
	return (type_is_composite(type) || type->kind == TYPE_ENUM) && type->name &&
	       !type->declaration;
}

/* By kind and name; among equal ones in the order of the file. */
static int by_name(const struct layouts *layouts, uint32_t a, uint32_t b)
{
	const struct type *left = &layouts->types.items[a], *right = &layouts->types.items[b];
	int order = strcmp(left->name, right->name);

	return order ? order : left->kind != right->kind ? (left->kind < right->kind ? -1 : 1) : 0;
}

struct indexed {
	const struct layouts *layouts;
	uint32_t type;
};

static int indexed_compare(const void *left, const void *right)
{
	const struct indexed *a = left, *b = right;
	int order = by_name(a->layouts, a->type, b->type);

	return order ? order : a->type < b->type ? -1 : a->type > b->type;
}

static struct indexed *index_types(const struct layouts *layouts, size_t *count_ret)
{
	struct indexed *index = calloc(layouts->types.count + 1, sizeof(*index));

	*count_ret = 0;
	if (!index)
		return NULL;
	for (uint32_t i = 0; i < layouts->types.count; i++)
		if (has_layout(&layouts->types.items[i]))
			index[(*count_ret)++] = (struct indexed){ layouts, i };
	if (*count_ret)
		qsort(index, *count_ret, sizeof(*index), indexed_compare);
	return index;
}

/* The first of the name in index, or count. */
static size_t index_find(const struct indexed *index, size_t count, const struct type *type)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct type *other = type_get(index[middle].layouts, index[middle].type);
		int order = strcmp(other->name, type->name);

		if (order < 0 || (!order && other->kind < type->kind))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Against each of its name: functions may have a type of their own of the same one. */
static struct error *compare_one(struct layout_changes *changes, uint32_t patched,
				 const struct indexed *index, size_t count)
{
	const struct type *b = type_get(changes->patched, patched);
	size_t first = index_find(index, count, b);
	struct layout_change change = { 0 }, *place;
	bool found = false;

	for (size_t i = first; i < count; i++) {
		const struct type *a = type_get(changes->orig, index[i].type);
		struct layout_change now = { .orig = index[i].type, .patched = patched,
					     .member_grew = TYPE_NONE };
		struct error *err = NULL;

		if (strcmp(a->name, b->name) || a->kind != b->kind)
			break;
		if (a->kind == TYPE_ENUM)
			compare_enums(a, b, &now);
		else
			err = compare_composites(changes, &now);
		if (err)
			return err;
		if (!change_is_one(&now))
			return NULL;
		if (!found)
			change = now;
		found = true;
	}
	if (!found)
		return NULL;
	place = array_add(changes);
	if (!place)
		return error_nomem();
	*place = change;
	return NULL;
}

struct error *layout_compare(const struct layouts *orig, const struct layouts *patched,
			     struct layout_changes *ret)
{
	struct layout_changes changes = { .orig = orig, .patched = patched };
	size_t count;
	struct indexed *index = index_types(orig, &count);
	struct error *err = index ? NULL : error_nomem();

	for (uint32_t i = 0; !err && i < patched->types.count; i++)
		if (has_layout(&patched->types.items[i]))
			err = compare_one(&changes, i, index, count);
	free(index);
	if (err)
		free(changes.items);
	else
		*ret = changes;
	return err;
}
