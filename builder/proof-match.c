// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 1. Each function's code is compared with that of every symbol of its name: what is the same
 *    stays a candidate.
 * 2. A candidate is out when what it refers to is not what the object refers to: another symbol's
 *    name, another string, another place than is known already.
 * 3. A function with one candidate left is found, and all it refers to. What is found has its
 *    contents compared, and is followed in turn. Again, until nothing changes.
 * 4. Of several candidates left, the one that lies among the rest of the object is it, or the one
 *    beside it where none lies among it.
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

/* The part of a section's name that the linker keeps together: .text.foo is .text */
static size_t kept_together(const char *section)
{
	static const char *const parts[] = { ".text.unlikely", ".text.hot", ".text.startup",
					     ".text.exit", ".text" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t length = strlen(parts[i]);

		if (!strncmp(section, parts[i], length) && (!section[length] || section[length] == '.'))
			return length;
	}
	return strlen(section);
}

static bool are_together(const struct proof_object *object, uint32_t a, uint32_t b)
{
	const char *x = object->sections[object->symbols[a].section].name;
	const char *y = object->sections[object->symbols[b].section].name;
	size_t length = kept_together(x);

	return length == kept_together(y) && !strncmp(x, y, length);
}

/* What is known of where a part of the object is, which is in one piece: its ends. */
struct piece {
	struct proof_place low, high;
	bool known;
};

static struct piece piece_of(const struct matching *matching, uint32_t symbol)
{
	const struct proof_match *match = matching->match;
	struct piece piece = { .known = false };

	for (uint32_t i = 1; i < match->object->symbol_count; i++) {
		const struct proof_place *place = &match->places[i];

		if (match->states[i] != PROOF_MATCHED || matching_symbol(matching, i)->type != STT_FUNC ||
		    !are_together(match->object, i, symbol))
			continue;
		if (piece.known && (place->space != piece.low.space || place->index != piece.low.index))
			continue;
		if (!piece.known || place->value < piece.low.value)
			piece.low = *place;
		if (!piece.known || place->value > piece.high.value)
			piece.high = *place;
		piece.known = true;
	}
	return piece;
}

static bool lies_among(const struct piece *piece, const struct proof_place *place)
{
	return piece->known && place->space == piece->low.space && place->index == piece->low.index &&
	       place->value > piece->low.value && place->value < piece->high.value;
}

/* Nothing is between it and the piece: it is the first or the last of it. */
static bool lies_beside(const struct proof_body *body, const struct piece *piece,
			const struct proof_place *place)
{
	if (!piece->known || place->space != piece->low.space || place->index != piece->low.index)
		return false;
	return place->value < piece->low.value ? proof_body_adjacent(body, place, &piece->low) :
						 proof_body_adjacent(body, &piece->high, place);
}

/* The only candidate among the rest of the object, else the only one beside it; NULL: there is none. */
static const struct candidate *by_neighbours(const struct matching *matching,
					     const struct function *function)
{
	const struct piece piece = piece_of(matching, function->symbol);
	const struct candidate *among = NULL, *beside = NULL;
	size_t among_count = 0, beside_count = 0;

	for (size_t n = 0; n < function->count; n++) {
		const struct candidate *candidate = &function->candidates[n];

		if (candidate->out)
			continue;
		if (lies_among(&piece, &candidate->place)) {
			among = candidate;
			among_count++;
		} else if (lies_beside(matching->match->body, &piece, &candidate->place)) {
			beside = candidate;
			beside_count++;
		}
	}
	if (among_count)
		return among_count == 1 ? among : NULL;
	return beside_count == 1 ? beside : NULL;
}

/* What is accepted makes the piece longer: again, until no more is. */
static struct error *settle_by_neighbours(struct matching *matching)
{
	struct error *err = NULL;
	bool accepted;

	do {
		accepted = false;
		for (size_t i = 0; !err && i < matching->count; i++) {
			struct function *function = &matching->functions[i];
			const struct candidate *found;

			if (function->settled)
				continue;
			found = by_neighbours(matching, function);
			if (!found) {
				matching->match->states[function->symbol] = PROOF_AMBIGUOUS;
				continue;
			}
			err = matching_accept(matching, function, found);
			accepted = true;
		}
		if (!err && accepted)
			err = settle(matching);
	} while (!err && accepted);
	return err;
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
