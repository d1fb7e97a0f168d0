// SPDX-License-Identifier: GPL-2.0-or-later
/* A changed layout for people: both side by side, what happened, and what to do about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

#define COLUMN 44
/* Equal members shown around a difference. */
#define CONTEXT 2

/* One line: a member of either side or of both. */
struct row {
	const struct flat_member *before, *after;
	bool differs;
};

struct rows {
	struct row *items;
	size_t count, room;
};

static bool member_same(const struct layout_changes *changes, const struct flat_member *a,
			const struct flat_member *b)
{
	return a->bit == b->bit && a->bits == b->bits &&
	       flat_end(changes->orig, a) == flat_end(changes->patched, b) &&
	       types_same(changes->orig, a->type, changes->patched, b->type);
}

static const struct flat_member *find(const struct flat *flat, size_t from, const char *name)
{
	for (size_t i = from; name && i < flat->count; i++)
		if (flat->items[i].name && !strcmp(flat->items[i].name, name))
			return &flat->items[i];
	return NULL;
}

static bool add_row(const struct layout_changes *changes, struct rows *rows,
		    const struct flat_member *before, const struct flat_member *after)
{
	struct row *row = array_add(rows);

	if (row)
		*row = (struct row){ before, after,
				     !before || !after || !member_same(changes, before, after) };
	return row;
}

/* Members of one name face each other, where their order allows it. */
static bool pair_rows(const struct layout_changes *changes, const struct flat *before,
		      const struct flat *after, struct rows *rows)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < after->count) {
		const struct flat_member *old = i < before->count ? &before->items[i] : NULL;
		const struct flat_member *new = j < after->count ? &after->items[j] : NULL;
		bool done;

		if (old && new && old->name && new->name && !strcmp(old->name, new->name)) {
			done = add_row(changes, rows, old, new);
			i++;
			j++;
		} else if (new && (!old || !find(before, i, new->name))) {
			done = add_row(changes, rows, NULL, new);
			j++;
		} else {
			done = add_row(changes, rows, old, NULL);
			i++;
		}
		if (!done)
			return false;
	}
	return true;
}

static void print_member(const struct layouts *layouts, const struct flat_member *member,
			 char *text, size_t size)
{
	char type[96], bits[32] = "";

	text[0] = 0;
	if (!member)
		return;
	type_spell(layouts, member->type, type, sizeof(type));
	if (member->bits)
		snprintf(bits, sizeof(bits), ":%llu", (unsigned long long)member->bits);
	snprintf(text, size, "%5llu  %s%s%s%s", (unsigned long long)member->bit / 8, type,
		 *type && type[strlen(type) - 1] == '*' ? "" : " ", member->name ?: "", bits);
}

static bool is_near(const struct rows *rows, size_t at)
{
	for (size_t i = at > CONTEXT ? at - CONTEXT : 0; i <= at + CONTEXT && i < rows->count; i++)
		if (rows->items[i].differs)
			return true;
	return false;
}

static void print_rows(FILE *out, const struct layout_changes *changes, const struct rows *rows)
{
	bool gap = false;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];
		char left[160], right[160];

		if (!is_near(rows, i)) {
			if (!gap)
				fprintf(out, "        ...\n");
			gap = true;
			continue;
		}
		gap = false;
		print_member(changes->orig, row->before, left, sizeof(left));
		print_member(changes->patched, row->after, right, sizeof(right));
		fprintf(out, "    %-*s %c %s\n", COLUMN, left,
			!row->before ? '>' : !row->after ? '<' : row->differs ? '|' : ' ', right);
	}
}

static void print_values(FILE *out, const struct type *a, const struct type *b)
{
	for (size_t i = 0; i < a->member_count; i++) {
		const struct type_member *old = &a->members[i];

		for (size_t j = 0; j < b->member_count; j++) {
			const struct type_member *new = &b->members[j];
			char left[160];

			if (!old->name || !new->name || strcmp(old->name, new->name) ||
			    old->value == new->value)
				continue;
			snprintf(left, sizeof(left), "%s = %lld", old->name, (long long)old->value);
			fprintf(out, "    %-*s | %s = %lld\n", COLUMN, left, new->name,
				(long long)new->value);
		}
	}
}

const char *layout_text(const struct layout_changes *changes, const struct layout_change *change,
			struct arena *arena)
{
	const struct type *a = type_get(changes->orig, change->orig);
	const struct type *b = type_get(changes->patched, change->patched);
	struct flat before = { 0 }, after = { 0 };
	struct rows rows = { 0 };
	char left[64], *text = NULL, *copy;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		arena->failed = true;
		return NULL;
	}
	snprintf(left, sizeof(left), "before: %llu bytes", (unsigned long long)a->size);
	fprintf(out, "    %-*s   after: %llu bytes\n", COLUMN, left, (unsigned long long)b->size);
	if (a->kind == TYPE_ENUM) {
		print_values(out, a, b);
	} else if (layout_flatten(changes->orig, change->orig, &before) &&
		   layout_flatten(changes->patched, change->patched, &after) &&
		   pair_rows(changes, &before, &after, &rows)) {
		print_rows(out, changes, &rows);
	} else {
		arena->failed = true;
	}
	copy = arena_stream(arena, out, &text);
	free(rows.items);
	free(before.items);
	free(after.items);
	return copy;
}

const char *layout_what(const struct layout_changes *changes, const struct layout_change *change,
			struct arena *arena)
{
	const struct type *a = type_get(changes->orig, change->orig);
	const struct type *b = type_get(changes->patched, change->patched);
	char size[64] = "", grew[128] = "", name[96];

	if (change->resized)
		snprintf(size, sizeof(size), "its size becomes %llu, from %llu, ",
			 (unsigned long long)b->size, (unsigned long long)a->size);
	if (change->member_grew != TYPE_NONE) {
		type_spell(changes->patched, change->member_grew, name, sizeof(name));
		snprintf(grew, sizeof(grew), "it contains %s, which grows, ", name);
	}
	return arena_printf(arena, "%s%s%s%s%s%s%s%s", size, grew, change->moved ? "members move, " : "",
			    change->added ? "a member is new, " : "",
			    change->removed ? "a member is gone, " : "",
			    change->retyped ? "a member has another type, " : "",
			    change->recalled ? "a member points to functions of another prototype, " : "",
			    change->values ? "a name has another value, " : "");
}

/* Bytes that no member names, in the structure as it is in memory: where, and how many. */
static uint64_t find_hole(const struct layout_changes *changes, const struct layout_change *change,
			  struct arena *arena, uint64_t *at_ret)
{
	const struct type *a = type_get(changes->orig, change->orig);
	struct flat flat;
	uint64_t end = 0, best = 0;

	if (!layout_flatten(changes->orig, change->orig, &flat)) {
		arena->failed = true;
		free(flat.items);
		return 0;
	}
	for (size_t i = 0; i <= flat.count; i++) {
		uint64_t start = i < flat.count ? flat.items[i].bit : a->size * 8;
		uint64_t free_bytes = start / 8 > (end + 7) / 8 ? start / 8 - (end + 7) / 8 : 0;

		if (free_bytes > best) {
			best = free_bytes;
			*at_ret = (end + 7) / 8;
		}
		if (i < flat.count && flat_end(changes->orig, &flat.items[i]) > end)
			end = flat_end(changes->orig, &flat.items[i]);
	}
	free(flat.items);
	return best;
}

const char *layout_advice(const struct layout_changes *changes, const struct layout_change *change,
			  struct arena *arena)
{
	const struct type *a = type_get(changes->orig, change->orig);
	uint64_t at = 0, hole;

	if (layout_is_only_recalled(change))
		return "leave the functions' parameters and results as they are, or carry what is new by another way";
	if (a->kind == TYPE_ENUM)
		return "keep the old values and give the new names values that nothing has; or, when "
		       "no value is kept anywhere, accept it with --allow-layout";
	hole = a->kind == TYPE_STRUCT ? find_hole(changes, change, arena, &at) : 0;
	if (change->added && !change->resized && !change->moved && !change->retyped &&
	    !change->recalled && !change->removed)
		return "the new member lies where nothing was: what lives already holds any value "
		       "there. If all of it was allocated zeroed and 0 means \"as before\", accept it "
		       "with --allow-layout; else use a shadow variable (klp_shadow_get_or_alloc)";
	if (change->added && hole)
		return arena_printf(arena,
				    "keep what is new in a shadow variable (klp_shadow_get_or_alloc), "
				    "or in the %llu unused bytes at %llu, if they are zero in all that "
				    "lives; or accept it with --allow-layout",
				    (unsigned long long)hole, (unsigned long long)at);
	if (change->added || change->resized)
		return "keep what is new in a shadow variable (klp_shadow_get_or_alloc); or accept it "
		       "with --allow-layout when nothing of the type lives while the patch is loaded";
	return "leave the members as they are, or convert what lives in a callback (KLP_PRE_PATCH) "
	       "and accept it with --allow-layout";
}
