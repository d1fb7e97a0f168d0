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

#include "proof-matching.h"

static struct error *settle(struct matching *matching)
{
	const struct proof_object *object = matching->match->object;
	struct error *err = NULL;

	do {
		matching->progress = false;
		for (size_t i = 0; !err && i < matching->count; i++)
			if (!matching->functions[i].settled)
				err = matching_settle_function(matching, &matching->functions[i]);
		for (uint32_t i = 1; !err && i < object->symbol_count; i++)
			err = matching_settle_data(matching, i);
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
		    known->index != place->index || matching_symbol(matching, i)->type != STT_FUNC)
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
			err = matching_accept(matching, function, left);
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
		err = matching_find_candidates(matching, &matching->functions[matching->count++]);
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
	struct matching matching = {.match = match};
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
	err = match->places && match->states && match->sizes && match->sections
		      ? collect_functions(&matching)
		      : error_nomem();
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
	struct proof_place there = {PLACE_UNKNOWN, 0, 0};
	uint32_t symbol;
	int64_t offset;

	switch (matching_target(match->object, place, &symbol, &offset)) {
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
