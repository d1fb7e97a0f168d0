// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbols of the patched object are which of the original, and which functions have
 * changed. The patched object is matched with the original as that is with the image: unchanged
 * code says which variable is which. What only changed code refers to goes by its name, where the
 * name means one thing on either side.
 */
#include <stdlib.h>
#include <string.h>

#include "proof-names.h"
#include "proof-state.h"

/* The only symbol of that name and kind that nothing is known of; 0 when there are others. */
static uint32_t only_free(const struct proof_object *object, const struct proof_symbol *like,
			  const bool *taken)
{
	uint32_t found = 0;

	for (uint32_t i = 1; i < object->symbol_count; i++) {
		const struct proof_symbol *symbol = &object->symbols[i];

		if (taken[i] || symbol->type != like->type || !proof_symbol_defined(object, i) ||
		    !proof_names_same(symbol->name, like->name))
			continue;
		if (found)
			return 0;
		found = i;
	}
	return found;
}

static uint32_t by_exact_name(const struct proof_object *object, const struct proof_symbol *like)
{
	const uint32_t *indices;
	size_t count = name_index_find(&object->names, like->name, &indices);
	uint32_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (!proof_symbol_defined(object, indices[i]) ||
		    object->symbols[indices[i]].type != like->type)
			continue;
		if (found)
			return 0;
		found = indices[i];
	}
	return found;
}

static bool has_number(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot[1] >= '0' && dot[1] <= '9';
}

static void pair_by_code(struct proof_side *side, bool *taken)
{
	const struct proof_object *patched = side->patched;

	for (uint32_t i = 1; i < patched->symbol_count; i++) {
		struct proof_place place = side->twin->places[i];
		const struct proof_section *section;

		if (place.space != PLACE_SECTION || !proof_symbol_defined(patched, i))
			continue;
		/* of aliases, and of variables without a size, the one of the name */
		section = &side->original->sections[place.index];
		for (uint32_t n = 0; n < section->symbol_count; n++) {
			uint32_t symbol = section->symbols[n];

			if (side->original->symbols[symbol].value == place.value &&
			    proof_names_same(side->original->symbols[symbol].name,
					     patched->symbols[i].name))
				side->original_of[i] = symbol;
		}
		if (side->original_of[i])
			taken[side->original_of[i]] = true;
	}
}

/* A member of a list of BTF ids: its name is of what it stands for, and then the compiler's counter and line. */
static bool ids_same(const struct proof_symbol *a, const struct proof_symbol *b)
{
	const char *a_end = strstr(a->name, "__BTF_ID__") == a->name ? strrchr(a->name, '_') : NULL;
	const char *b_end = strstr(b->name, "__BTF_ID__") == b->name ? strrchr(b->name, '_') : NULL;

	return a_end && b_end && a_end - a->name == b_end - b->name &&
	       !strncmp(a->name, b->name, (size_t)(a_end - a->name));
}

/*
 * A list of BTF ids: its numbers are put in when the kernel is linked, so that only the names of its members tell
 * whether it is the same. The first words count them and are no members.
 */
static bool lists_same(const struct proof_object *x, uint32_t a, const struct proof_object *y, uint32_t b)
{
	const struct proof_symbol *left = &x->symbols[a], *right = &y->symbols[b];

	if (strcmp(x->sections[left->section].name, ".BTF_ids") || strcmp(y->sections[right->section].name, ".BTF_ids") ||
	    !left->size || left->size != right->size)
		return false;
	for (uint64_t at = 4; at < left->size; at += 4) {
		struct proof_place from = { PLACE_SECTION, left->section, left->value + at };
		struct proof_place to = { PLACE_SECTION, right->section, right->value + at };
		int64_t from_offset, to_offset;
		uint32_t n = proof_symbol_at(x, &from, &from_offset), m = proof_symbol_at(y, &to, &to_offset);

		if (from_offset != to_offset)
			return false;
		if (n == a && m == b)
			continue; /* flags, or the rest of a pair */
		if (!ids_same(&x->symbols[n], &y->symbols[m]))
			return false;
	}
	return true;
}

/* Code may refer to the first of them instead of to the list. */
static void pair_members(struct proof_side *side, uint32_t patched, uint32_t original, bool *taken)
{
	const struct proof_symbol *list = &side->patched->symbols[patched], *other = &side->original->symbols[original];

	for (uint64_t at = 4; at < list->size; at += 4) {
		struct proof_place to = { PLACE_SECTION, list->section, list->value + at };
		struct proof_place from = { PLACE_SECTION, other->section, other->value + at };
		int64_t offset;
		uint32_t n = proof_symbol_at(side->patched, &to, &offset);
		uint32_t m = proof_symbol_at(side->original, &from, &offset);

		if (n != patched && m != original && !side->original_of[n] && !taken[m]) {
			side->original_of[n] = m;
			taken[m] = true;
		}
	}
}

static void pair_lists(struct proof_side *side, bool *taken)
{
	const struct proof_object *patched = side->patched;

	for (uint32_t i = 1; i < patched->symbol_count; i++) {
		uint32_t original;

		if (side->original_of[i] || !proof_symbol_defined(patched, i) ||
		    patched->symbols[i].type != STT_NOTYPE || !patched->symbols[i].size)
			continue;
		original = by_exact_name(side->original, &patched->symbols[i]);
		if (!original || taken[original] || !lists_same(side->original, original, patched, i))
			continue;
		side->original_of[i] = original;
		taken[original] = true;
		pair_members(side, i, original, taken);
	}
}

static void pair_by_name(struct proof_side *side, bool *taken, bool *taken_patched)
{
	const struct proof_object *patched = side->patched;

	for (uint32_t i = 1; i < patched->symbol_count; i++)
		taken_patched[i] = side->original_of[i];
	for (uint32_t i = 1; i < patched->symbol_count; i++) {
		const struct proof_symbol *symbol = &patched->symbols[i];
		uint32_t original = 0;

		if (side->original_of[i] || !proof_symbol_defined(patched, i) ||
		    (symbol->type != STT_FUNC && symbol->type != STT_OBJECT))
			continue;
		if (!has_number(symbol->name))
			original = by_exact_name(side->original, symbol);
		else if (only_free(patched, symbol, taken_patched) == i)
			original = only_free(side->original, symbol, taken);
		if (!original || taken[original])
			continue;
		side->original_of[i] = original;
		taken[original] = true;
		taken_patched[i] = true;
	}
}

struct entry_check {
	const struct proof_side *side;
	bool same;
};

static bool same_bytes(const struct proof_object *x, const struct proof_place *a,
		       const struct proof_object *y, const struct proof_place *b)
{
	const struct proof_section *as, *bs;

	if (a->space != PLACE_SECTION || b->space != PLACE_SECTION)
		return false;
	as = &x->sections[a->index];
	bs = &y->sections[b->index];
	if (!(as->flags & SHF_MERGE) || !(bs->flags & SHF_MERGE) || a->value >= as->size ||
	    b->value >= bs->size || !as->data || !bs->data)
		return false;
	return !strncmp((const char *)as->data + a->value, (const char *)bs->data + b->value,
			as->size - a->value);
}

static bool refers_alike(const struct proof_side *side, const struct proof_place *a,
			 const struct proof_place *b)
{
	struct proof_place there = proof_match_place(side->twin, a);
	int64_t a_offset, b_offset;
	uint32_t x, y;

	if (there.space != PLACE_UNKNOWN)
		return proof_place_equal(&there, b);
	if (same_bytes(side->patched, a, side->original, b))
		return true;
	x = proof_symbol_at(side->patched, a, &a_offset);
	y = proof_symbol_at(side->original, b, &b_offset);
	if (!x || !y)
		return a->space == b->space;
	return a_offset == b_offset && proof_names_same(side->patched->symbols[x].name,
							side->original->symbols[y].name);
}

static void check_entry_ref(void *data, const struct proof_entry *entry, unsigned int field,
			    const struct proof_place *a, const struct proof_place *b)
{
	struct entry_check *check = data;

	if (!refers_alike(check->side, a, b))
		check->same = false;
}

/* The first from at on that is the source's own, or count. */
static size_t next_of_source(const struct proof_entry *entries, size_t at, size_t count)
{
	while (at < count && proof_special_is_made(entries[at].special))
		at++;
	return at;
}

static bool same_entries(const struct proof_side *side, uint32_t patched, uint32_t original)
{
	struct entry_check check = { side, true };
	struct proof_code a, b;
	size_t a_count, b_count, n = 0;
	const struct proof_entry *as, *bs;

	if (!proof_code_of(side->patched, patched, &a) ||
	    !proof_code_of(side->original, original, &b))
		return true;
	as = proof_entries_of(side->patched_entries, a.section, a.start, a.size, &a_count);
	bs = proof_entries_of(side->original_entries, b.section, b.start, b.size, &b_count);
	/* what is made of the code may be in other places: of two functions in a row one has the unwind entry of both */
	for (size_t i = 0; check.same && i < a_count; i++) {
		if (proof_special_is_made(as[i].special))
			continue;
		n = next_of_source(bs, n, b_count);
		if (n == b_count || as[i].special != bs[n].special || as[i].code - a.start != bs[n].code - b.start ||
		    proof_entry_compare(side->patched_entries, &as[i], &a, side->original_entries, &bs[n], &b, true,
					check_entry_ref, &check))
			return false;
		n++;
	}
	return check.same && next_of_source(bs, n, b_count) == b_count;
}

/* A number that is the source's line is no change. */
static bool is_line(struct proof_side *side, uint32_t symbol,
		    const struct proof_immediate *immediate)
{
	struct proof_code a, b;

	if (!proof_code_of(side->patched, symbol, &a) ||
	    !proof_code_of(side->original, side->original_of[symbol], &b))
		return false;
	/*
	 * Without debug information only the differ's list of callees tells a line; what it calls
	 * unchanged because of it has to be believed.
	 */
	if (!line_source_known(side->original_lines) || !line_source_known(side->patched_lines))
		return immediate->a > 0 && immediate->b > 0;
	return line_numbers_same(
		&(struct line_number){ side->original_lines,
				       side->original->symbols[side->original_of[symbol]].name,
				       b.section, b.start, b.size, immediate->b_at, immediate->b },
		&(struct line_number){ side->patched_lines, side->patched->symbols[symbol].name,
				       a.section, a.start, a.size, immediate->at, immediate->a });
}

static struct error *find_changed(struct proof_side *side)
{
	const struct proof_match *twin = side->twin;

	if (twin->immediates.count && !side->original_lines) {
		side->original_lines = line_source_read(side->original->path);
		side->patched_lines = line_source_read(side->patched->path);
		if (!side->original_lines || !side->patched_lines)
			return error_nomem();
	}

	for (uint32_t i = 1; i < side->patched->symbol_count; i++) {
		if (side->patched->symbols[i].type != STT_FUNC || !side->original_of[i])
			continue;
		side->changed[i] = twin->states[i] != PROOF_MATCHED ||
				   twin->places[i].index !=
					   side->original->symbols[side->original_of[i]].section ||
				   !same_entries(side, i, side->original_of[i]);
	}
	for (size_t i = 0; i < twin->immediates.count; i++) {
		const struct proof_immediates *item = &twin->immediates.items[i];

		if (!is_line(side, item->symbol, &item->immediate))
			side->changed[item->symbol] = true;
	}
	return NULL;
}

/* ---- what only its contents tell apart: tables of one name in several functions */

static bool same_field(const struct proof_side *side, const struct proof_reloc *a,
		       const struct proof_reloc *b)
{
	struct proof_place x = proof_reloc_place(side->patched, a, 0);
	struct proof_place y = proof_reloc_place(side->original, b, 0);

	return a->type == b->type && refers_alike(side, &x, &y);
}

static bool same_contents(const struct proof_side *side, const struct proof_symbol *a,
			  const struct proof_symbol *b)
{
	const struct proof_section *as = &side->patched->sections[a->section];
	const struct proof_section *bs = &side->original->sections[b->section];
	uint32_t x = proof_first_reloc(as, a->value), y = proof_first_reloc(bs, b->value);

	if (a->size != b->size || !as->data || !bs->data || a->value + a->size > as->size ||
	    b->value + b->size > bs->size || (as->flags | bs->flags) & SHF_WRITE ||
	    memcmp(as->data + a->value, bs->data + b->value, a->size))
		return false;
	for (;; x++, y++) {
		bool in_a = x < as->reloc_count && as->relocs[x].offset < a->value + a->size;
		bool in_b = y < bs->reloc_count && bs->relocs[y].offset < b->value + b->size;

		if (!in_a || !in_b)
			return in_a == in_b;
		if (as->relocs[x].offset - a->value != bs->relocs[y].offset - b->value ||
		    !same_field(side, &as->relocs[x], &bs->relocs[y]))
			return false;
	}
}

static void pair_by_contents(struct proof_side *side, bool *taken)
{
	for (uint32_t i = 1; i < side->patched->symbol_count; i++) {
		const struct proof_symbol *a = &side->patched->symbols[i];

		if (side->original_of[i] || a->type != STT_OBJECT || !has_number(a->name) ||
		    !proof_symbol_defined(side->patched, i))
			continue;
		for (uint32_t n = 1; n < side->original->symbol_count; n++) {
			const struct proof_symbol *b = &side->original->symbols[n];

			if (taken[n] || b->type != STT_OBJECT ||
			    !proof_symbol_defined(side->original, n) ||
			    !proof_names_same(a->name, b->name) || !same_contents(side, a, b))
				continue;
			side->original_of[i] = n;
			taken[n] = true;
			break;
		}
	}
}

struct error *proof_twins(struct proof *proof, struct proof_side *side)
{
	bool *taken, *taken_patched;
	struct error *err;

	side->original_of = calloc(side->patched->symbol_count + 1, sizeof(*side->original_of));
	side->changed = calloc(side->patched->symbol_count + 1, sizeof(*side->changed));
	if (!side->original_of || !side->changed)
		return error_nomem();
	side->compiled.object = side->original;
	err = proof_match(side->patched, &side->compiled, true, &side->twin);
	if (err)
		return err;
	taken = calloc(side->original->symbol_count + 1, sizeof(*taken));
	taken_patched = calloc(side->patched->symbol_count + 1, sizeof(*taken));
	if (taken && taken_patched) {
		pair_by_code(side, taken);
		pair_by_contents(side, taken);
		pair_lists(side, taken);
		pair_by_name(side, taken, taken_patched);
		err = find_changed(side);
	} else {
		err = error_nomem();
	}
	free(taken);
	free(taken_patched);
	return err;
}
