// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who uses a variable of which the module changes words. If they change at another moment than the code, nobody who
 * changes himself may: he would meet what is not his. If all changes in one moment, and it is more than a word, nobody
 * may be in the middle of it then: whoever uses it is replaced, or looked for.
 */
#include <string.h>

#include "proof-state.h"

/* What the module's glue goes by. */
static bool is_at_once(const struct proof *proof)
{
	for (uint32_t i = 1; i < proof->ko->symbol_count; i++) {
		const struct proof_symbol *s = &proof->ko->symbols[i];
		const struct proof_section *section;

		if (strcmp(s->name, "klpkit_at_once") || !proof_symbol_defined(proof->ko, i))
			continue;
		section = &proof->ko->sections[s->section];
		return section->data && s->value < section->size && section->data[s->value];
	}
	return false;
}

/* The function that a cold piece is of, else itself: patched; 0: it is not there any more. */
static uint32_t patched_function(const struct proof_side *side, uint32_t original)
{
	const char *name = side->original->symbols[original].name, *cold = strstr(name, ".cold");

	for (uint32_t i = 1; i < side->patched->symbol_count; i++) {
		const char *twin = side->original->symbols[side->original_of[i]].name;

		if (side->original_of[i] && side->patched->symbols[i].type == STT_FUNC &&
		    (cold ? strlen(twin) == (size_t)(cold - name) && !strncmp(twin, name, (size_t)(cold - name)) :
			    side->original_of[i] == original))
			return i;
	}
	return 0;
}

static void check_user(struct proof *proof, const struct proof_side *side, uint32_t user, uint32_t variable,
		       bool at_once)
{
	const char *name = side->original->symbols[user].name;
	uint32_t patched = patched_function(side, user);

	if (!at_once && (!patched || side->changed[patched]))
		proof_complain(proof, side, side->original->symbols[variable].name,
			       "words of it change at another moment than %s, which uses it", name);
	if (at_once && side->words[variable] > 1 && (!patched || !(side->replaces[patched] || side->checks[patched])))
		proof_complain(proof, side, side->original->symbols[variable].name,
			       "several words of it change, and %s, which uses it, is not to be looked for", name);
}

/* Every variable that the function refers to: its code is compared with itself, which tells. */
static struct error *check_function(struct proof *proof, const struct proof_side *side, uint32_t function, bool at_once)
{
	struct proof_comparison comparison = { 0 };
	struct proof_code code;
	struct error *err;

	if (!proof_code_of(side->original, function, &code))
		return NULL;
	err = proof_compare(&code, &code, &comparison);
	for (size_t i = 0; !err && i < comparison.refs.count; i++) {
		int64_t offset;
		uint32_t variable = comparison.refs.items[i].a.space == PLACE_SECTION ?
					    proof_symbol_at(side->original, &comparison.refs.items[i].a, &offset) :
					    0;

		if (variable && side->words[variable])
			check_user(proof, side, function, variable, at_once);
	}
	proof_comparison_destroy(&comparison);
	return err;
}

static bool has_words(const struct proof_side *side)
{
	for (uint32_t i = 1; side->original && i < side->original->symbol_count; i++)
		if (side->words[i])
			return true;
	return false;
}

static bool is_init(const struct proof_side *side, uint32_t symbol)
{
	const char *section = side->original->sections[side->original->symbols[symbol].section].name;

	return !strncmp(section, ".init", 5) || !strncmp(section, ".exit", 5);
}

struct error *proof_readers(struct proof *proof)
{
	bool at_once = is_at_once(proof);
	struct error *err = NULL;

	for (size_t i = 0; i < proof->count && !err; i++) {
		const struct proof_side *side = &proof->sides[i];

		if (!has_words(side))
			continue;
		for (uint32_t n = 1; n < side->original->symbol_count && !err; n++)
			if (side->original->symbols[n].type == STT_FUNC && proof_symbol_defined(side->original, n) &&
			    !is_init(side, n))
				err = check_function(proof, side, n, at_once);
	}
	return err;
}
