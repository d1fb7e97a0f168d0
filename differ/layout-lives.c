// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where instances of a type are, as far as one object shows: variables of it, functions that have
 * one on the stack, functions that allocate and handle a pointer to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "select.h"

#define MOST_NAMES 4

/* Does the type hold one, by value? */
static bool holds(const struct layouts *layouts, uint32_t number, uint32_t wanted, int depth)
{
	const struct type *type;

	number = type_bare(layouts, number);
	type = type_get(layouts, number);
	if (!type || depth > 12)
		return false;
	if (number == wanted)
		return true;
	if (type->kind == TYPE_ARRAY)
		return holds(layouts, type->target, wanted, depth + 1);
	for (size_t i = 0; type_is_composite(type) && i < type->member_count; i++)
		if (holds(layouts, type->members[i].type, wanted, depth + 1))
			return true;
	return false;
}

static bool is_kept_in_others(const struct layouts *layouts, uint32_t wanted)
{
	for (uint32_t i = 0; i < layouts->types.count; i++) {
		const struct type *type = &layouts->types.items[i];

		if (!type_is_composite(type) || i == wanted)
			continue;
		for (size_t j = 0; j < type->member_count; j++)
			if (type_pointee(layouts, type->members[j].type) == wanted)
				return true;
	}
	return false;
}

/* Not io_alloc_cache_free(), which gives back. */
static bool is_allocator(const char *name)
{
	return (strstr(name, "alloc") && !strstr(name, "free")) || !strncmp(name, "kmemdup", 7) ||
	       !strncmp(name, "memdup", 6);
}

/* Does it point to its own kind, as list_head and callback_head do? */
static bool is_link(const struct layouts *layouts, uint32_t number)
{
	const struct type *type = type_get(layouts, number);

	for (size_t i = 0; i < type->member_count; i++) {
		const struct type *member = type_get(layouts, type_bare(layouts, type->members[i].type));

		if (member && member->kind == TYPE_POINTER && type_bare(layouts, member->target) == number)
			return true;
	}
	return false;
}

/* Has it something by which others keep it, without naming its type? */
static bool holds_link(const struct layouts *layouts, uint32_t number, int depth)
{
	const struct type *type;

	number = type_bare(layouts, number);
	type = type_get(layouts, number);
	if (type && type->kind == TYPE_ARRAY)
		return holds_link(layouts, type->target, depth);
	if (!type_is_composite(type) || depth > 12)
		return false;
	if (is_link(layouts, number))
		return true;
	for (size_t i = 0; i < type->member_count; i++)
		if (holds_link(layouts, type->members[i].type, depth + 1))
			return true;
	return false;
}

static bool is_pointer_to(const struct layouts *layouts, uint32_t number, enum type_kind kind)
{
	const struct type *type = type_get(layouts, type_bare(layouts, number));

	if (!type || type->kind != TYPE_POINTER)
		return false;
	type = type_get(layouts, type_bare(layouts, type->target));
	return type ? type->kind == kind : kind == TYPE_OTHER;
}

/* What calls the function before it returns, in the caller's name. */
static bool is_iterator(const char *name)
{
	return strstr(name, "for_each") || strstr(name, "sort") || strstr(name, "bsearch");
}

static bool takes_function(const struct layouts *layouts, const char *name)
{
	const struct type_user *callee = name && !is_iterator(name) ? layouts_user(layouts, name) : NULL;
	bool function = false, pointer = false;

	for (size_t i = 0; callee && i < callee->parameter_count; i++) {
		function |= is_pointer_to(layouts, callee->parameters[i].type, TYPE_FUNCTION);
		pointer |= is_pointer_to(layouts, callee->parameters[i].type, TYPE_OTHER);
	}
	return function && pointer;
}

/*
 * Does it call, or contain, what takes a function and just any pointer for it, as smp_call_function_single() does?
 * Where that function will run, and in whose name, is not known. What merely stores a pointer as a void * is not seen.
 */
static bool hands_over(const struct layouts *layouts, const struct model *model, const struct type_user *user,
		       const struct unit *unit)
{
	for (size_t i = 0; i < user->use_count; i++)
		if (user->uses[i].inlined && takes_function(layouts, user->uses[i].inlined))
			return true;
	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);

		if (ref.flow != FLOW_DATA &&
		    takes_function(layouts, ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
								    model->units.items[ref.unit].name))
			return true;
	}
	return false;
}

/* const void *: what takes it reads any memory. */
static bool is_any_memory(const struct layouts *layouts, uint32_t number)
{
	const struct type *type = type_get(layouts, type_bare(layouts, number));

	type = type && type->kind == TYPE_POINTER ? type_get(layouts, type->target) : NULL;
	return type && type->kind == TYPE_ALIAS && type->constant && type->target == TYPE_NONE;
}

/*
 * Does the function call or contain one that takes just any memory to read it? What that keeps (a
 * hash of it) can outlive the stack. Copies and such do not.
 */
static bool hands_out_memory(const struct layouts *layouts, const struct model *model,
			     const struct type_user *user, const struct unit *unit)
{
	for (size_t i = 0; i < user->use_count; i++)
		if (user->uses[i].inlined && !strstr(user->uses[i].inlined, "mem") &&
		    is_any_memory(layouts, user->uses[i].type))
			return true;
	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		const struct type_user *callee;
		const char *name;

		if (ref.unit != UNIT_NONE || ref.flow == FLOW_DATA)
			continue;
		name = model->object->symbols[ref.symbol].name;
		callee = strstr(name, "mem") ? NULL : layouts_user(layouts, name);
		for (size_t j = 0; callee && j < callee->parameter_count; j++)
			if (is_any_memory(layouts, callee->parameters[j].type))
				return true;
	}
	return false;
}

/* The function itself, a clone or a piece of it: debug information knows them all by its name. */
static bool is_of_function(const struct unit *unit, const char *name)
{
	size_t length = strlen(name);

	return unit->kind == UNIT_FUNC && unit->name && !strncmp(unit->name, name, length) &&
	       (!unit->name[length] || unit->name[length] == '.');
}

static const char *allocator_of(const struct model *model, const struct unit *unit)
{
	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		const char *name = ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
							   model->units.items[ref.unit].name;

		if (name && ref.flow != FLOW_DATA && is_allocator(name))
			return name;
	}
	return NULL;
}

/* Its instances on the stack are gone once the whole system has switched. */
static bool is_left_behind(const struct selection *selection, uint32_t orig)
{
	uint32_t twin = selection->correlation->of_orig[orig];

	return twin == UNIT_NONE || selection->carry[twin] == CARRY_REPLACED ||
	       selection->carry[twin] == CARRY_LIFTED || selection->carry[twin] == CARRY_PIECE;
}

/* One of them may be told from another directory. */
static bool is_same_file(const char *a, const char *b)
{
	size_t left = strlen(a), right = strlen(b);

	if (left < right)
		return is_same_file(b, a);
	return !strcmp(a + left - right, b) && (left == right || a[left - right - 1] == '/');
}

struct list {
	FILE *out;
	size_t count;
};

static void list_add(struct list *list, const char *before, const char *name, const char *behind,
		     const char *callee)
{
	if (list->count++ < MOST_NAMES) {
		fprintf(list->out, "%s%s%s%s%s%s", list->count > 1 ? ", " : "", before, name, behind,
			callee, *callee ? "()" : "");
	} else if (list->count == MOST_NAMES + 1) {
		fputs(", ...", list->out);
	}
}

const char *layout_lives(const struct selection *selection, const struct layouts *orig,
			 uint32_t type, struct arena *arena, enum lives *where_ret)
{
	const struct model *model = selection->correlation->orig;
	const char *file = type_get(orig, type)->file;
	struct list list = { 0 };
	bool stack = false, elsewhere = false, shared = holds_link(orig, type, 0);
	char *text = NULL;
	size_t size;

	list.out = open_memstream(&text, &size);
	if (!list.out)
		return NULL;
	/* of a header, others see it too */
	elsewhere = !file || !orig->unit_file || !is_same_file(file, orig->unit_file) ||
		    is_kept_in_others(orig, type);
	for (size_t i = 0; i < orig->users.count; i++) {
		const struct type_user *user = &orig->users.items[i];
		const char *allocator = NULL;
		bool mine = false, own = false, here = false;

		if (!user->function) {
			if (type_pointee(orig, user->result) != type &&
			    !holds(orig, user->result, type, 0))
				continue;
			elsewhere = true;
			if (user->defined)
				list_add(&list, "the variable ", user->name, "", "");
			continue;
		}
		for (size_t j = 0; j < user->use_count; j++) {
			mine |= type_pointee(orig, user->uses[j].type) == type;
			own |= user->uses[j].variable && holds(orig, user->uses[j].type, type, 0);
		}
		if (!(mine || own) || !user->defined)
			continue;
		for (uint32_t n = 0; n < model->units.count; n++) {
			const struct unit *unit = &model->units.items[n];

			if (!is_of_function(unit, user->name))
				continue;
			here = true;
			shared |= own && hands_over(orig, model, user, unit);
			elsewhere |= !is_left_behind(selection, n) || (own && hands_out_memory(orig, model, user, unit));
			allocator = mine && !allocator ? allocator_of(model, unit) : allocator;
		}
		stack |= here && own;
		elsewhere |= allocator != NULL;
		if (!here || (i && !strcmp(user->name, orig->users.items[i - 1].name)))
			continue; /* inlined, or another instance */
		if (own)
			list_add(&list, "the stack of ", user->name, "()", "");
		if (allocator)
			list_add(&list, "", user->name, "(), which calls ", allocator);
	}
	if (!list.count)
		fputs("code outside of this object", list.out);
	*where_ret = !stack || elsewhere ? LIVES_ELSEWHERE : shared ? LIVES_ON_SHARED_STACKS : LIVES_ON_STACKS;
	return arena_stream(arena, list.out, &text);
}
