// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who uses a variable of which the module changes words. If they change at another moment than the code, nobody who
 * changes himself may: he would meet what is not his. If all changes in one moment, and it is more than a word, nobody
 * may be in the middle of it then: whoever uses it is replaced, or looked for.
 */
#include <stdlib.h>
#include <string.h>

#include "../differ/arena.h"
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

/* One that refers to a variable with words that change. */
struct use {
	uint32_t function; /* of the original; 0: another variable has its address */
	uint32_t variable;
	bool loads; /* its address, and not what is in it */
};

struct uses {
	struct use *items;
	size_t count, room;
};

static struct error *add_use(struct uses *uses, struct use use)
{
	struct use *place = array_add(uses);

	if (!place)
		return error_nomem();
	*place = use;
	return NULL;
}

/* The variable with changed words that is at a place, or 0. */
static uint32_t changed_at(const struct proof_side *side, const struct proof_place *place)
{
	int64_t offset;
	uint32_t variable = place->space == PLACE_SECTION ? proof_symbol_at(side->original, place, &offset) : 0;

	return variable && side->words[variable] ? variable : 0;
}

/* Its code is compared with itself, which tells what it refers to. */
static struct error *uses_of_function(const struct proof_side *side, uint32_t function, struct uses *uses)
{
	struct proof_comparison comparison = { 0 };
	struct proof_code code;
	struct error *err;

	if (!proof_code_of(side->original, function, &code))
		return NULL;
	err = proof_compare(&code, &code, &comparison);
	for (size_t i = 0; !err && i < comparison.refs.count; i++) {
		const struct proof_ref *ref = &comparison.refs.items[i];
		uint32_t variable = changed_at(side, &ref->a);

		if (variable)
			err = add_use(uses, (struct use){ function, variable, proof_code_loads(&code, ref->at) });
	}
	proof_comparison_destroy(&comparison);
	return err;
}

static bool is_init(const char *section)
{
	return !strncmp(section, ".init", 5) || !strncmp(section, ".exit", 5);
}

static struct error *uses_of_data(const struct proof_side *side, uint32_t number, struct uses *uses)
{
	const struct proof_section *section = &side->original->sections[number];
	struct error *err = NULL;

	if (!(section->flags & SHF_ALLOC) || section->flags & SHF_EXECINSTR || is_init(section->name))
		return NULL;
	for (uint32_t i = 0; i < section->reloc_count && !err; i++) {
		struct proof_place place = proof_reloc_place(side->original, &section->relocs[i], 0);
		uint32_t variable = changed_at(side, &place);

		if (variable)
			err = add_use(uses, (struct use){ 0, variable, true });
	}
	return err;
}

static bool is_looked_for(const struct proof_side *side, uint32_t function, bool replaced)
{
	uint32_t patched = function ? patched_function(side, function) : 0;

	return patched && (side->checks[patched] || (replaced && side->replaces[patched]));
}

/*
 * Whose words may not be met one without the other? Of a variable whose address nobody has, all who read it can be
 * told. Where somebody loads it, this does not know whether it stays with him; but if one of them is listed to be looked
 * for, it was found out, and holds for all.
 */
static bool is_whole(const struct proof_side *side, const struct uses *uses, uint32_t variable)
{
	bool loads = false, listed = false;

	for (size_t i = 0; i < uses->count; i++) {
		if (uses->items[i].variable != variable)
			continue;
		loads |= uses->items[i].loads;
		listed |= is_looked_for(side, uses->items[i].function, false);
	}
	return side->words[variable] > 1 && side->original->symbols[variable].bind == STB_LOCAL && (!loads || listed);
}

static void check_use(struct proof *proof, const struct proof_side *side, const struct uses *uses,
		      const struct use *use, bool at_once)
{
	const char *variable = side->original->symbols[use->variable].name;
	const char *name = side->original->symbols[use->function].name;
	uint32_t patched = use->function ? patched_function(side, use->function) : 0;

	if (!use->function)
		return;
	if (!at_once && (!patched || side->changed[patched]))
		proof_complain(proof, side, variable,
			       "words of it change at another moment than %s, which uses it", name);
	if (at_once && !is_looked_for(side, use->function, true) && is_whole(side, uses, use->variable))
		proof_complain(proof, side, variable,
			       "several words of it change, and %s, which uses it, is not to be looked for", name);
}

static bool has_words(const struct proof_side *side)
{
	for (uint32_t i = 1; side->original && i < side->original->symbol_count; i++)
		if (side->words[i])
			return true;
	return false;
}

static struct error *check_side(struct proof *proof, const struct proof_side *side, bool at_once)
{
	struct uses uses = { 0 };
	struct error *err = NULL;

	for (uint32_t n = 1; n < side->original->symbol_count && !err; n++) {
		const struct proof_symbol *s = &side->original->symbols[n];

		if (s->type == STT_FUNC && proof_symbol_defined(side->original, n) &&
		    !is_init(side->original->sections[s->section].name))
			err = uses_of_function(side, n, &uses);
	}
	for (uint32_t n = 1; n < side->original->section_count && !err; n++)
		err = uses_of_data(side, n, &uses);
	for (size_t i = 0; i < uses.count && !err; i++)
		check_use(proof, side, &uses, &uses.items[i], at_once);
	free(uses.items);
	return err;
}

struct error *proof_readers(struct proof *proof)
{
	bool at_once = is_at_once(proof);
	struct error *err = NULL;

	for (size_t i = 0; i < proof->count && !err; i++)
		if (has_words(&proof->sides[i]))
			err = check_side(proof, &proof->sides[i], at_once);
	return err;
}
