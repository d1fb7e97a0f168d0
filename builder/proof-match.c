// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 1. Each function's code is compared with that of every symbol of its name: what is the same
 *    stays a candidate.
 * 2. A candidate is out when what it refers to is not what the object refers to: another symbol's
 *    name, another string, another place than is known already.
 * 3. A function with one candidate left is found, and all it refers to. What is found has its
 *    contents compared, and is followed in turn. Again, until nothing changes.
 * 4. Of several candidates left, the one that lies among the rest of the object is it.
 */
#include <stdlib.h>
#include <string.h>

#include "../differ/arena.h"
#include "proof-match.h"
#include "proof-names.h"

struct candidate {
	struct proof_place place;
	struct proof_comparison comparison;
	const char *out; /* why it is not it, or NULL */
	uint64_t out_a, out_b;
};

struct function {
	uint32_t symbol;
	struct candidate *candidates;
	size_t count;
	bool settled;
};

struct matching {
	struct proof_match *match;
	struct function *functions;
	size_t count;
	bool *compared; /* the contents of each symbol's object */
	bool progress;
};

static const struct proof_symbol *symbol_of(const struct matching *matching, uint32_t symbol)
{
	return &matching->match->object->symbols[symbol];
}

static bool know(struct matching *matching, uint32_t symbol, const struct proof_place *place,
		 enum proof_state state)
{
	struct proof_match *match = matching->match;

	if (match->places[symbol].space != PLACE_UNKNOWN)
		return proof_place_equal(&match->places[symbol], place);
	match->places[symbol] = *place;
	match->states[symbol] = state;
	matching->progress = true;
	return true;
}

/* ---- the contents of what has no name */

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

/* ---- one reference */

static const char *check_named(struct matching *matching, uint32_t symbol,
			       const struct proof_place *place)
{
	const struct proof_match *match = matching->match;
	const struct proof_symbol *s = symbol_of(matching, symbol);
	const struct proof_body *body = match->body;

	if (match->places[symbol].space != PLACE_UNKNOWN)
		return proof_place_equal(&match->places[symbol], place) ?
			       NULL :
			       "refers to another symbol";
	if (!proof_symbol_defined(match->object, symbol) && s->bind == STB_WEAK &&
	    place->space == PLACE_LINKED && !place->value)
		return NULL;
	return proof_body_has(body, place, s->name) ? NULL : "refers to another symbol";
}

enum target {
	TARGET_NAMED,
	TARGET_STRING,
	TARGET_CONSTANT,
	TARGET_UNNAMED, /* a section without symbols: tables of a switch */
};

/* What the object's own side of a reference is about; the symbol, and the offset from it. */
static enum target target_kind(const struct proof_object *object, const struct proof_place *a,
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

static const char *check_ref(struct matching *matching, const struct proof_place *a,
			     const struct proof_place *b)
{
	const struct proof_match *match = matching->match;
	struct proof_place place = *b;
	uint32_t symbol;
	int64_t offset;

	switch (target_kind(match->object, a, &symbol, &offset)) {
	case TARGET_STRING:
		return same_string(match, a, b) ? NULL : "refers to another string";
	case TARGET_CONSTANT:
		return same_constant(match, a, b) ? NULL : "refers to another constant";
	case TARGET_UNNAMED:
		place.value -= (uint64_t)offset;
		return match->sections[a->index].space == PLACE_UNKNOWN ||
				       proof_place_equal(&match->sections[a->index], &place) ?
			       NULL :
			       "refers to another table";
	default:
		place.value -= (uint64_t)offset;
		return check_named(matching, symbol, &place);
	}
}

static void commit_ref(struct matching *matching, const struct proof_place *a,
		       const struct proof_place *b)
{
	struct proof_match *match = matching->match;
	struct proof_place place = *b;
	uint32_t symbol;
	int64_t offset;

	switch (target_kind(match->object, a, &symbol, &offset)) {
	case TARGET_NAMED:
		place.value -= (uint64_t)offset;
		know(matching, symbol, &place, PROOF_IMPLIED);
		return;
	case TARGET_UNNAMED:
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

/* ---- functions */

static struct error *add_difference(struct matching *matching, uint32_t symbol,
				    const struct proof_place *place, const char *what, uint64_t a,
				    uint64_t b)
{
	struct proof_match *match = matching->match;
	struct proof_difference *difference = array_add(&match->differences);

	if (!difference)
		return error_nomem();
	*difference = (struct proof_difference){ symbol, *place, a, b, what };
	return NULL;
}

static struct error *try_candidate(struct matching *matching, struct function *function,
				   const struct proof_place *place)
{
	struct candidate *candidate = &function->candidates[function->count];
	const struct proof_match *match = matching->match;
	struct proof_code a, b;
	struct error *err;

	for (size_t i = 0; i < function->count; i++)
		if (proof_place_equal(&function->candidates[i].place, place))
			return NULL;
	function->count++;
	candidate->place = *place;
	if (!proof_code_of(match->object, function->symbol, &a) ||
	    !proof_body_code(match->body, place, a.size * 2 + 16, &b)) {
		candidate->out = "there is no code";
		return NULL;
	}
	err = proof_compare(&a, &b, &candidate->comparison);
	if (err)
		return err;
	candidate->out_a = candidate->comparison.a_at;
	candidate->out_b = candidate->comparison.b_at;
	if (!candidate->comparison.same) {
		candidate->out = candidate->comparison.what;
	} else if (candidate->comparison.immediates.count && !match->allow_immediates) {
		candidate->out = "a number";
		candidate->out_a = candidate->comparison.immediates.items[0].at;
		candidate->out_b = candidate->comparison.immediates.items[0].b_at;
	}
	return NULL;
}

/* The compiler numbers its clones anew in each compile. */
static struct error *try_renamed(struct matching *matching, struct function *function)
{
	const struct proof_object *body = matching->match->body->object;
	const char *name = symbol_of(matching, function->symbol)->name;
	struct error *err = NULL;
	size_t count = 0;

	for (uint32_t i = 1; i < body->symbol_count; i++)
		count += body->symbols[i].type == STT_FUNC &&
			 proof_names_same(body->symbols[i].name, name);
	function->candidates = calloc(count + 1, sizeof(*function->candidates));
	if (!function->candidates)
		return error_nomem();
	for (uint32_t i = 1; !err && i < body->symbol_count; i++) {
		struct proof_place place = proof_symbol_place(body, i);

		if (body->symbols[i].type == STT_FUNC && place.space == PLACE_SECTION &&
		    proof_names_same(body->symbols[i].name, name))
			err = try_candidate(matching, function, &place);
	}
	return err;
}

static struct error *find_candidates(struct matching *matching, struct function *function)
{
	const struct proof_body *body = matching->match->body;
	const char *name = symbol_of(matching, function->symbol)->name;
	size_t count = proof_body_count(body, name);
	struct error *err = NULL;

	if (!count && body->object)
		return try_renamed(matching, function);
	function->candidates = calloc(count + 1, sizeof(*function->candidates));
	if (!function->candidates)
		return error_nomem();
	for (size_t i = 0; !err && i < count; i++) {
		struct proof_place place = proof_body_find(body, name, i);

		err = try_candidate(matching, function, &place);
	}
	return err;
}

static void check_candidate(struct matching *matching, const struct function *function,
			    struct candidate *candidate)
{
	const struct proof_place *known = &matching->match->places[function->symbol];

	if (known->space != PLACE_UNKNOWN && !proof_place_equal(known, &candidate->place)) {
		candidate->out = "other code refers to another place";
		return;
	}
	for (size_t i = 0; !candidate->out && i < candidate->comparison.refs.count; i++) {
		const struct proof_ref *ref = &candidate->comparison.refs.items[i];

		candidate->out = check_ref(matching, &ref->a, &ref->b);
		candidate->out_a = ref->at;
		candidate->out_b = ref->b_at;
	}
}

static struct error *accept(struct matching *matching, struct function *function,
			    const struct candidate *candidate)
{
	struct proof_match *match = matching->match;

	function->settled = true;
	know(matching, function->symbol, &candidate->place, PROOF_MATCHED);
	match->states[function->symbol] = PROOF_MATCHED;
	match->sizes[function->symbol] = (uint32_t)candidate->comparison.b_size;
	for (size_t i = 0; i < candidate->comparison.refs.count; i++)
		commit_ref(matching, &candidate->comparison.refs.items[i].a,
			   &candidate->comparison.refs.items[i].b);
	for (size_t i = 0; i < candidate->comparison.immediates.count; i++) {
		struct proof_immediates *item = array_add(&match->immediates);

		if (!item)
			return error_nomem();
		item->symbol = function->symbol;
		item->immediate = candidate->comparison.immediates.items[i];
	}
	return NULL;
}

static struct error *reject(struct matching *matching, struct function *function)
{
	struct proof_match *match = matching->match;
	const struct candidate *first = function->candidates;
	uint8_t *state = &match->states[function->symbol];

	function->settled = true;
	if (!function->count) {
		*state = PROOF_ABSENT;
		return NULL;
	}
	if (symbol_of(matching, function->symbol)->bind == STB_WEAK) {
		*state = PROOF_OVERRIDDEN;
		return NULL;
	}
	*state = PROOF_DIFFERS;
	return add_difference(matching, function->symbol, &first->place, first->out, first->out_a,
			      first->out_b);
}

static struct error *settle_function(struct matching *matching, struct function *function)
{
	const struct candidate *left = NULL;
	size_t count = 0;

	for (size_t i = 0; i < function->count; i++) {
		struct candidate *candidate = &function->candidates[i];

		if (!candidate->out)
			check_candidate(matching, function, candidate);
		if (candidate->out)
			continue;
		left = candidate;
		count++;
	}
	if (!count)
		return reject(matching, function);
	return count == 1 ? accept(matching, function, left) : NULL;
}

/* ---- data */

/* Written when the image was linked, or by tools after that. */
static bool contents_vary(const struct proof_section *section)
{
	static const char *const names[] = { ".data..percpu", ".BTF_ids" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(section->name, names[i], strlen(names[i])))
			return true;
	return false;
}

/* What a field of data refers to in the body. */
static bool data_field(const struct proof_match *match, const struct proof_place *place,
		       const struct proof_reloc *model, const uint8_t *bytes,
		       struct proof_place *ret)
{
	const struct proof_object *object = match->body->object;
	int32_t word;

	if (object) {
		const struct proof_section *section = &object->sections[place->index];
		uint32_t i = proof_first_reloc(section, place->value);

		if (i == section->reloc_count || section->relocs[i].offset != place->value ||
		    section->relocs[i].type != model->type)
			return false;
		*ret = proof_reloc_place(object, &section->relocs[i], 0);
		return true;
	}
	*ret = (struct proof_place){ PLACE_LINKED, 0, 0 };
	memcpy(&word, bytes, sizeof(word));
	if (proof_reloc_width(model->type) == 8)
		memcpy(&ret->value, bytes, sizeof(ret->value));
	else
		ret->value = model->type == R_X86_64_32 ? (uint32_t)word : (uint64_t)(int64_t)word;
	if (proof_reloc_is_relative(model->type))
		ret->value += place->value;
	return true;
}

/* A part of one of the object's sections and what is at a place of the body. */
static const char *compare_data(struct matching *matching, uint32_t index, uint64_t start,
				uint64_t size, const struct proof_place *place, uint64_t *at_ret,
				bool commit)
{
	const struct proof_match *match = matching->match;
	const struct proof_section *section = &match->object->sections[index];
	const uint8_t *there = proof_body_bytes(match->body, place, size);
	uint32_t next = proof_first_reloc(section, start);

	*at_ret = 0;
	if (!there)
		return "is not there";
	for (uint64_t at = 0; at < size; at++) {
		const struct proof_reloc *reloc = &section->relocs[next];
		struct proof_place a, b = *place;
		const char *what;

		*at_ret = at;
		if (next == section->reloc_count || reloc->offset != start + at) {
			if (section->data[start + at] != there[at])
				return "its contents";
			continue;
		}
		b.value += at;
		a = proof_reloc_place(match->object, reloc, 0);
		if (reloc->offset + proof_reloc_width(reloc->type) > start + size ||
		    !data_field(match, &b, reloc, there + at, &b))
			return "its contents";
		what = check_ref(matching, &a, &b);
		if (what)
			return what;
		if (commit)
			commit_ref(matching, &a, &b);
		at += proof_reloc_width(reloc->type) - 1;
		next++;
	}
	return NULL;
}

static struct error *settle_data(struct matching *matching, uint32_t symbol)
{
	struct proof_match *match = matching->match;
	const struct proof_symbol *s = symbol_of(matching, symbol);
	const struct proof_section *section;
	const char *what;
	uint64_t at;

	if (matching->compared[symbol] || s->type != STT_OBJECT ||
	    match->places[symbol].space == PLACE_UNKNOWN ||
	    !proof_symbol_defined(match->object, symbol))
		return NULL;
	matching->compared[symbol] = true;
	section = &match->object->sections[s->section];
	if (!section->data || s->value > section->size || s->size > section->size - s->value ||
	    contents_vary(section))
		return NULL;
	what = compare_data(matching, s->section, s->value, s->size, &match->places[symbol], &at,
			    false);
	if (what && s->bind == STB_WEAK) {
		match->states[symbol] = PROOF_OVERRIDDEN;
		return NULL;
	}
	if (what) {
		match->states[symbol] = PROOF_DIFFERS;
		return add_difference(matching, symbol, &match->places[symbol], what, at, at);
	}
	match->states[symbol] = PROOF_MATCHED;
	compare_data(matching, s->section, s->value, s->size, &match->places[symbol], &at, true);
	return NULL;
}

/* ---- all of it */

static struct error *settle(struct matching *matching)
{
	const struct proof_object *object = matching->match->object;
	struct error *err = NULL;

	do {
		matching->progress = false;
		for (size_t i = 0; !err && i < matching->count; i++)
			if (!matching->functions[i].settled)
				err = settle_function(matching, &matching->functions[i]);
		for (uint32_t i = 1; !err && i < object->symbol_count; i++)
			err = settle_data(matching, i);
	} while (!err && matching->progress);
	return err;
}

/* Where the functions lie that are found: an object's code is in one piece, section by section. */
static bool lies_among(const struct matching *matching, const struct proof_place *place)
{
	const struct proof_match *match = matching->match;
	uint64_t low = UINT64_MAX, high = 0;

	for (uint32_t i = 1; i < match->object->symbol_count; i++) {
		const struct proof_place *known = &match->places[i];

		if (match->states[i] != PROOF_MATCHED || known->space != place->space ||
		    known->index != place->index ||
		    symbol_of(matching, i)->type != STT_FUNC)
			continue;
		if (known->value < low)
			low = known->value;
		if (known->value > high)
			high = known->value;
	}
	return place->value > low && place->value < high;
}

static struct error *settle_by_neighbours(struct matching *matching)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < matching->count; i++) {
		struct function *function = &matching->functions[i];
		const struct candidate *left = NULL;
		size_t count = 0;

		if (function->settled)
			continue;
		for (size_t n = 0; n < function->count; n++) {
			const struct candidate *candidate = &function->candidates[n];

			if (candidate->out || !lies_among(matching, &candidate->place))
				continue;
			left = candidate;
			count++;
		}
		if (count == 1)
			err = accept(matching, function, left);
		else
			matching->match->states[function->symbol] = PROOF_AMBIGUOUS;
	}
	return err ?: settle(matching);
}

static struct error *collect_functions(struct matching *matching)
{
	const struct proof_object *object = matching->match->object;
	struct error *err = NULL;

	matching->functions = calloc(object->symbol_count + 1, sizeof(*matching->functions));
	matching->compared = calloc(object->symbol_count + 1, sizeof(*matching->compared));
	if (!matching->functions || !matching->compared)
		return error_nomem();
	for (uint32_t i = 1; !err && i < object->symbol_count; i++) {
		if (object->symbols[i].type != STT_FUNC || !proof_symbol_defined(object, i))
			continue;
		matching->functions[matching->count].symbol = i;
		err = find_candidates(matching, &matching->functions[matching->count++]);
	}
	return err;
}

static void matching_release(struct matching *matching)
{
	for (size_t i = 0; i < matching->count; i++) {
		struct function *function = &matching->functions[i];

		for (size_t n = 0; n < function->count; n++)
			proof_comparison_destroy(&function->candidates[n].comparison);
		free(function->candidates);
	}
	free(matching->functions);
	free(matching->compared);
}

struct error *proof_match(const struct proof_object *object, const struct proof_body *body,
			  bool allow_immediates, struct proof_match **ret)
{
	struct proof_match *match = calloc(1, sizeof(*match));
	struct matching matching = { .match = match };
	struct error *err;

	if (!match)
		return error_nomem();
	match->object = object;
	match->body = body;
	match->allow_immediates = allow_immediates;
	match->places = calloc(object->symbol_count + 1, sizeof(*match->places));
	match->states = calloc(object->symbol_count + 1, sizeof(*match->states));
	match->sizes = calloc(object->symbol_count + 1, sizeof(*match->sizes));
	match->sections = calloc(object->section_count + 1, sizeof(*match->sections));
	err = match->places && match->states && match->sizes && match->sections ?
		      collect_functions(&matching) :
		      error_nomem();
	if (!err)
		err = settle(&matching);
	if (!err)
		err = settle_by_neighbours(&matching);
	matching_release(&matching);
	if (err)
		proof_match_destroy(match);
	else
		*ret = match;
	return err;
}

void proof_match_destroy(struct proof_match *match)
{
	if (!match)
		return;
	free(match->places);
	free(match->states);
	free(match->sizes);
	free(match->sections);
	free(match->differences.items);
	free(match->immediates.items);
	free(match);
}

struct proof_place proof_match_place(const struct proof_match *match,
				     const struct proof_place *place)
{
	struct proof_place there = { PLACE_UNKNOWN, 0, 0 };
	uint32_t symbol;
	int64_t offset;

	switch (target_kind(match->object, place, &symbol, &offset)) {
	case TARGET_NAMED:
		there = match->places[symbol];
		break;
	case TARGET_UNNAMED:
		there = match->sections[place->index];
		break;
	default:
		return there;
	}
	if (there.space != PLACE_UNKNOWN)
		there.value += (uint64_t)offset;
	return there;
}
