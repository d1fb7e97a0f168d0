// SPDX-License-Identifier: GPL-2.0-or-later
/* One reference of the object that is matched, and what the body has in its place. */
#include <stdlib.h>
#include <string.h>

#include "../differ/read-line-numbers.h"
#include "proof-matching.h"
#include "proof-names.h"

bool matching_know(struct matching *matching, uint32_t symbol, const struct proof_place *place,
		   enum proof_state state)
{
	struct proof_match *match = matching->match;

	if (match->places[symbol].space != PLACE_UNKNOWN)
		return proof_place_equal(&match->places[symbol], place);
	match->places[symbol] = *place;
	/* an overridden function is called, too: where the other one is */
	if (match->states[symbol] != PROOF_OVERRIDDEN)
		match->states[symbol] = state;
	matching->progress = true;
	return true;
}

static const struct ko_section *ko_section_of(const struct proof_object *object, uint32_t section)
{
	return &object->ko->sections[section];
}

static bool same_string(const struct proof_match *match, const struct proof_place *a,
			const struct proof_place *b)
{
	const struct proof_section *section = &match->object->sections[a->index];
	const char *text = (const char *)section->data + a->value;
	const uint8_t *there;
	size_t length;

	if (!section->data || a->value >= section->size)
		return false;
	length = strnlen(text, section->size - a->value) + 1;
	there = proof_body_bytes(match->body, b, length);
	return there && !memcmp(text, there, length);
}

bool matching_line_in_strings(const struct proof_match *match, const struct proof_ref *ref,
			      struct proof_immediate *ret)
{
	const struct proof_section *a, *b;
	uint32_t symbol;
	int64_t offset;
	long left, right;

	if (!match->body->object || ref->b.space != PLACE_SECTION ||
	    matching_target(match->object, &ref->a, &symbol, &offset) != TARGET_STRING)
		return false;
	a = &match->object->sections[ref->a.index];
	b = &match->body->object->sections[ref->b.index];
	if (!a->data || !b->data || ref->a.value >= a->size || ref->b.value >= b->size ||
	    !line_in_strings((const char *)a->data + ref->a.value, a->size - ref->a.value,
			     (const char *)b->data + ref->b.value, b->size - ref->b.value, &left,
			     &right) ||
	    left == right)
		return false;
	*ret = (struct proof_immediate){ ref->at, ref->b_at, left, right };
	return true;
}

static bool same_constant(const struct proof_match *match, const struct proof_place *a,
			  const struct proof_place *b)
{
	const struct proof_section *section = &match->object->sections[a->index];
	size_t size = ko_section_of(match->object, a->index)->header.sh_entsize;
	const uint8_t *there;

	if (!section->data || a->value >= section->size)
		return false;
	size -= a->value % (size ?: 1);
	there = proof_body_bytes(match->body, b, size);
	return there && !memcmp(section->data + a->value, there, size);
}

static const char *check_named(struct matching *matching, uint32_t symbol,
			       const struct proof_place *place)
{
	const struct proof_match *match = matching->match;
	const struct proof_symbol *s = matching_symbol(matching, symbol);
	const struct proof_body *body = match->body;

	if (match->places[symbol].space != PLACE_UNKNOWN)
		return proof_place_equal(&match->places[symbol], place)
			       ? NULL
			       : "refers to another symbol";
	if (!proof_symbol_defined(match->object, symbol) && s->bind == STB_WEAK &&
	    place->space == PLACE_LINKED && !place->value)
		return NULL;
	return proof_body_has(body, place, s->name) ? NULL : "refers to another symbol";
}

enum target matching_target(const struct proof_object *object, const struct proof_place *a,
			    uint32_t *symbol_ret, int64_t *offset_ret)
{
	const struct proof_section *section;

	*symbol_ret = 0;
	*offset_ret = (int64_t)a->value;
	if (a->space == PLACE_UNDEFINED) {
		*symbol_ret = a->index;
		return TARGET_NAMED;
	}
	section = &object->sections[a->index];
	if (section->flags & SHF_MERGE)
		return section->flags & SHF_STRINGS ? TARGET_STRING : TARGET_CONSTANT;
	*symbol_ret = proof_symbol_at(object, a, offset_ret);
	return *symbol_ret ? TARGET_NAMED : TARGET_UNNAMED;
}

/*
 * Code without a name, out of line in .altinstr_aux, which ends with a jump back. Between two objects
 * such a section is no table: a piece that is new moves those behind it.
 */
static bool same_piece(struct matching *matching, const struct proof_place *a,
		       const struct proof_place *b)
{
	const struct proof_match *match = matching->match;
	const struct proof_section *section = &match->object->sections[a->index];
	struct proof_comparison comparison = { 0 };
	struct proof_code left = {
		.object = match->object,
		.section = a->index,
		.start = a->value,
	}, right;
	struct error *err;
	bool same;

	if (!section->data || a->value >= section->size)
		return false;
	left.bytes = section->data + a->value;
	left.size = section->size - a->value;
	left.size = proof_code_to_jump(&left);
	if (!left.size || !proof_body_code(match->body, b, left.size + 16, &right))
		return false;
	err = proof_compare(&left, &right, &comparison);
	same = !err && comparison.same && !comparison.immediates.count;
	for (size_t i = 0; same && i < comparison.refs.count; i++) {
		const struct proof_place *to = &comparison.refs.items[i].a;
		uint32_t symbol;
		int64_t offset;

		/* not to another piece: that could lead back here */
		same = matching_target(match->object, to, &symbol, &offset) != TARGET_UNNAMED &&
		       !matching_check_ref(matching, to, &comparison.refs.items[i].b);
	}
	error_destroy(err);
	proof_comparison_destroy(&comparison);
	return same;
}

const char *matching_check_ref(struct matching *matching, const struct proof_place *a,
			       const struct proof_place *b)
{
	const struct proof_match *match = matching->match;
	struct proof_place place = *b;
	uint32_t symbol;
	int64_t offset;

	switch (matching_target(match->object, a, &symbol, &offset)) {
	case TARGET_STRING:
		return same_string(match, a, b) ? NULL : "refers to another string";
	case TARGET_CONSTANT:
		return same_constant(match, a, b) ? NULL : "refers to another constant";
	case TARGET_UNNAMED:
		if (match->body->object && match->allow_immediates &&
		    match->object->sections[a->index].flags & SHF_EXECINSTR)
			return same_piece(matching, a, b) ? NULL : "refers to other code without a name";
		place.value -= (uint64_t)offset;
		return match->sections[a->index].space == PLACE_UNKNOWN ||
				       proof_place_equal(&match->sections[a->index], &place)
			       ? NULL
			       : "refers to another table";
	default:
		place.value -= (uint64_t)offset;
		return check_named(matching, symbol, &place);
	}
}

void matching_commit_ref(struct matching *matching, const struct proof_place *a,
			 const struct proof_place *b)
{
	struct proof_match *match = matching->match;
	struct proof_place place = *b;
	uint32_t symbol;
	int64_t offset;

	switch (matching_target(match->object, a, &symbol, &offset)) {
	case TARGET_NAMED:
		place.value -= (uint64_t)offset;
		matching_know(matching, symbol, &place, PROOF_IMPLIED);
		return;
	case TARGET_UNNAMED:
		if (match->body->object && match->allow_immediates &&
		    match->object->sections[a->index].flags & SHF_EXECINSTR)
			return;
		place.value -= (uint64_t)offset;
		if (match->sections[a->index].space == PLACE_UNKNOWN) {
			match->sections[a->index] = place;
			matching->progress = true;
		}
		return;
	default:
		return;
	}
}
