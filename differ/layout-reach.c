// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a function's types and the constants in its code. Out: every structure, union and enum that
 * it comes to, with the way there. DWARF names the types of variables, but a->b->c has none for
 * a->b: whether the code follows such a pointer, the displacements in its instructions tell. What
 * they cannot tell (variables on the stack or by address, arrays) counts as followed.
 */
#include <stdlib.h>
#include <string.h>

#include <klpkit/error.h>

#include "layout.h"

#define DEPTH_LIMIT 12

struct step {
	uint32_t type;
	bool fixed; /* by its address: offsets of its members are in no displacement */
};

struct search {
	struct reach *reach;
	const struct code_numbers *numbers;
	struct {
		struct step *items;
		size_t count, room;
	} queue;
};

/* Where structures start in the one that is looked at: its code may go by any of them. */
struct bases {
	int64_t *items;
	size_t count, room;
};

bool code_numbers_have(const struct code_numbers *numbers, int64_t number)
{
	size_t low = 0, high = numbers->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (numbers->items[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < numbers->count && numbers->items[low] == number;
}

static void search_add(struct search *search, uint32_t type, bool fixed, const char *fmt, ...)
	printf_like(4, 5);

static void search_add(struct search *search, uint32_t type, bool fixed, const char *fmt, ...)
{
	struct reach *reach = search->reach;
	const struct type *found;
	struct step *step;
	va_list args;

	type = type_pointee(reach->layouts, type);
	found = type_get(reach->layouts, type);
	if (!found || !(type_is_composite(found) || found->kind == TYPE_ENUM))
		return;
	/* by another way: what the displacements do not tell of this one counts as followed */
	if (reach->paths[type]) {
		if (fixed && !reach->fixed[type]) {
			reach->fixed[type] = true;
			step = array_add(&search->queue);
			if (step)
				*step = (struct step){ type, true };
			else
				reach->out_of_memory = true;
		}
		return;
	}
	va_start(args, fmt);
	reach->paths[type] = arena_vprintf(reach->arena, fmt, args);
	va_end(args);
	reach->fixed[type] = fixed;
	step = array_add(&search->queue);
	if (step)
		*step = (struct step){ type, fixed };
	if (!step || !reach->paths[type])
		reach->out_of_memory = true;
}

static void collect_bases(struct reach *reach, uint32_t number, uint64_t base, int depth,
			  struct bases *bases)
{
	const struct type *type = type_get(reach->layouts, type_bare(reach->layouts, number));
	int64_t *place;

	if (!type_is_composite(type) || depth > DEPTH_LIMIT)
		return;
	place = array_add(bases);
	if (place)
		*place = (int64_t)base;
	else
		reach->out_of_memory = true;
	for (size_t i = 0; i < type->member_count; i++)
		collect_bases(reach, type->members[i].type, base + type->members[i].bit / 8,
			      depth + 1, bases);
}

static bool is_loaded(const struct search *search, const struct bases *bases, uint64_t at)
{
	for (size_t i = 0; i < bases->count; i++)
		if (code_numbers_have(search->numbers, (int64_t)at - bases->items[i]))
			return true;
	return false;
}

static bool is_pointer(const struct layouts *layouts, uint32_t number)
{
	const struct type *type = type_get(layouts, type_bare(layouts, number));

	return type && type->kind == TYPE_POINTER;
}

static void follow(struct search *search, const struct step *root, uint32_t number, uint64_t base,
		   int depth, const struct bases *bases, bool free_way)
{
	const struct layouts *layouts = search->reach->layouts;
	const struct type *type = type_get(layouts, type_bare(layouts, number));
	char name[128];

	if (!type_is_composite(type) || depth > DEPTH_LIMIT)
		return;
	type_spell(layouts, root->type, name, sizeof(name));
	for (size_t i = 0; i < type->member_count; i++) {
		const struct type_member *member = &type->members[i];
		uint64_t at = base + member->bit / 8;
		uint32_t bare = type_bare(layouts, member->type);
		const struct type *target = type_get(layouts, bare);
		bool is_array = target && target->kind == TYPE_ARRAY;

		if (is_array)
			bare = type_bare(layouts, target->target);
		if (is_pointer(layouts, bare)) {
			if (free_way || is_array || is_loaded(search, bases, at))
				search_add(search, bare, false, "%s of %s", member->name ?: "?",
					   name);
			continue;
		}
		target = type_get(layouts, bare);
		if (target && target->kind == TYPE_ENUM) {
			if (free_way || is_array || is_loaded(search, bases, at))
				search_add(search, bare, false, "%s of %s", member->name ?: "?",
					   name);
			continue;
		}
		if (!type_is_composite(target))
			continue;
		if (target->name)
			search_add(search, bare, root->fixed, "%s of %s", member->name ?: "?", name);
		follow(search, root, bare, at, depth + 1, bases, free_way || is_array);
	}
}

static void search_uses(struct search *search, const struct type_user *function)
{
	const struct layouts *layouts = search->reach->layouts;

	/* first what the displacements tell nothing of */
	for (int fixed = 1; fixed >= 0; fixed--) {
		for (size_t i = 0; i < function->use_count; i++) {
			const struct type_use *use = &function->uses[i];

			if ((use->variable && !is_pointer(layouts, use->type)) != fixed)
				continue;
			search_add(search, use->type, fixed, "%s%s%s%s", use->name ?: "the result",
				   use->inlined ? " of " : "", use->inlined ?: "",
				   use->inlined ? "(), inlined" : "");
		}
	}
}

static void search_symbol(struct search *search, const char *name)
{
	const struct type_user *user = layouts_user(search->reach->layouts, name);

	if (!user)
		return;
	if (user->function)
		search_add(search, user->result, false, "what %s() returns", name);
	else
		search_add(search, user->result, !is_pointer(search->reach->layouts, user->result),
			   "the variable %s", name);
}

struct error *reach_create(const struct layouts *layouts, const struct type_user *function,
			   const struct code_numbers *numbers, const char *const *symbols,
			   size_t symbol_count, struct arena *arena, struct reach *ret)
{
	struct search search = { ret, numbers, { 0 } };

	*ret = (struct reach){ .layouts = layouts, .arena = arena };
	ret->paths = arena_alloc(arena, (layouts->types.count + 1) * sizeof(*ret->paths));
	ret->fixed = arena_alloc(arena, (layouts->types.count + 1) * sizeof(*ret->fixed));
	if (!ret->paths || !ret->fixed)
		return error_nomem();
	if (function)
		search_uses(&search, function);
	for (size_t i = 0; i < symbol_count; i++)
		search_symbol(&search, symbols[i]);
	for (size_t i = 0; i < search.queue.count && !ret->out_of_memory; i++) {
		struct step step = search.queue.items[i];
		struct bases bases = { 0 };

		collect_bases(ret, step.type, 0, 0, &bases);
		follow(&search, &step, step.type, 0, 0, &bases, step.fixed);
		free(bases.items);
	}
	free(search.queue.items);
	return ret->out_of_memory ? error_nomem() : NULL;
}
