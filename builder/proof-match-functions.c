// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions of the object that is matched: candidates, and which of them it is. */
#include <stdlib.h>
#include <string.h>

#include "../differ/arena.h"
#include "proof-matching.h"
#include "proof-names.h"

struct error *matching_add_difference(struct matching *matching, uint32_t symbol,
				      const struct proof_place *place, const char *what, uint64_t a,
				      uint64_t b)
{
	struct proof_match *match = matching->match;
	struct proof_difference *difference = array_add(&match->differences);

	if (!difference)
		return error_nomem();
	*difference = (struct proof_difference){symbol, *place, a, b, what};
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
	const char *name = matching_symbol(matching, function->symbol)->name;
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

struct error *matching_find_candidates(struct matching *matching, struct function *function)
{
	const struct proof_body *body = matching->match->body;
	const char *name = matching_symbol(matching, function->symbol)->name;
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
		struct proof_immediate line;

		candidate->out = matching_check_ref(matching, &ref->a, &ref->b);
		if (candidate->out && matching->match->allow_immediates &&
		    matching_line_in_strings(matching->match, ref, &line))
			candidate->out = NULL;
		candidate->out_a = ref->at;
		candidate->out_b = ref->b_at;
	}
}

static bool add_number(struct proof_match *match, uint32_t symbol, const struct proof_immediate *number)
{
	struct proof_immediates *item = array_add(&match->immediates);

	if (item)
		*item = (struct proof_immediates){ .symbol = symbol, .immediate = *number };
	return item;
}

struct error *matching_accept(struct matching *matching, struct function *function,
			      const struct candidate *candidate)
{
	struct proof_match *match = matching->match;

	function->settled = true;
	matching_know(matching, function->symbol, &candidate->place, PROOF_MATCHED);
	match->states[function->symbol] = PROOF_MATCHED;
	match->sizes[function->symbol] = (uint32_t)candidate->comparison.b_size;
	for (size_t i = 0; i < candidate->comparison.refs.count; i++)
		matching_commit_ref(matching, &candidate->comparison.refs.items[i].a,
				    &candidate->comparison.refs.items[i].b);
	for (size_t i = 0; i < candidate->comparison.immediates.count; i++)
		if (!add_number(match, function->symbol, &candidate->comparison.immediates.items[i]))
			return error_nomem();
	for (size_t i = 0; match->allow_immediates && i < candidate->comparison.refs.count; i++) {
		struct proof_immediate line;

		if (matching_line_in_strings(match, &candidate->comparison.refs.items[i], &line) &&
		    !add_number(match, function->symbol, &line))
			return error_nomem();
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
	if (matching_symbol(matching, function->symbol)->bind == STB_WEAK) {
		*state = PROOF_OVERRIDDEN;
		return NULL;
	}
	*state = PROOF_DIFFERS;
	return matching_add_difference(matching, function->symbol, &first->place, first->out,
				       first->out_a, first->out_b);
}

struct error *matching_settle_function(struct matching *matching, struct function *function)
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
	return count == 1 ? matching_accept(matching, function, left) : NULL;
}
