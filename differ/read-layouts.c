// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the path of an object. Out: its types, and its functions and variables with the types that
 * they use. What refers to each other by DIE gets numbers of types.
 */
#include <stdlib.h>
#include <string.h>

#include "read-layouts-dies.h"

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
			user->parameters[user->parameter_count++] = (struct type_member){
				.type = find_type(reading, raw->uses.items[i].die)
			};
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
	for (size_t i = 0; i < reading->locals.count && !reading->out_of_memory; i++) {
		const struct raw_local *raw = &reading->locals.items[i];
		struct type_local *local = array_add(&layouts->locals);

		reading->out_of_memory = !local;
		if (local)
			*local = (struct type_local){ raw->name ?: "", find_type(reading, raw->type) };
	}
	if (layouts->users.count)
		qsort(layouts->users.items, layouts->users.count, sizeof(*layouts->users.items),
		      user_by_name);
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
		reading_units(&reading);
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
	free(layouts->locals.items);
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

static uint32_t local_type(const struct layouts *layouts, const char *name, size_t length)
{
	uint32_t found = TYPE_NONE;

	for (size_t i = 0; i < layouts->locals.count; i++) {
		const struct type_local *local = &layouts->locals.items[i];

		if (strncmp(local->name, name, length) || local->name[length])
			continue;
		if (found != TYPE_NONE && found != local->type)
			return TYPE_NONE;
		found = local->type;
	}
	return found;
}

uint32_t layouts_variable(const struct layouts *layouts, const char *name)
{
	const struct type_user *user;

	if (strchr(name, '.'))
		return local_type(layouts, name, strcspn(name, "."));
	user = layouts_user(layouts, name);
	return user && !user->function ? user->result : TYPE_NONE;
}
