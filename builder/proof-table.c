// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The records of what is replaced: each names a function of the running system that is the
 * original, by its code, of the patched function that it puts in its place. Records of what is to
 * be looked for name such functions, too. Records of callbacks and of held functions lead to carried
 * functions.
 */
#include <klpkit/format.h>
#include <string.h>

#include "proof-state.h"

struct record {
	const struct proof_section *section;
	uint32_t index; /* of the section */
	uint64_t at;
};

/* The place that a field of the record points to. */
static bool record_pointer(const struct proof *proof, const struct record *record, size_t field,
			   struct proof_place *ret)
{
	uint32_t i = proof_first_reloc(record->section, record->at + field);

	if (i == record->section->reloc_count ||
	    record->section->relocs[i].offset != record->at + field)
		return false;
	*ret = proof_reloc_place(proof->ko, &record->section->relocs[i], 0);
	return ret->space == PLACE_SECTION;
}

/* "" when it is no string. */
static const char *record_string(const struct proof *proof, const struct record *record,
				 size_t field)
{
	const struct proof_section *section;
	struct proof_place place;

	if (!record_pointer(proof, record, field, &place))
		return "";
	section = &proof->ko->sections[place.index];
	if (!section->data || place.value >= section->size ||
	    !memchr(section->data + place.value, 0, section->size - place.value))
		return "";
	return (const char *)section->data + place.value;
}

/* The unit that has the original at that place; NULL when none has. */
static struct proof_side *side_of(struct proof *proof, const char *object, const char *name,
				  unsigned long position, uint32_t *original_ret)
{
	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];
		struct proof_running is;

		if (strcmp(side->unit->module, object))
			continue;
		is = proof_running_find(proof, side, object, name, position);
		for (uint32_t n = 1; n < side->original->symbol_count; n++) {
			struct proof_running should;

			if (side->original->symbols[n].type != STT_FUNC ||
			    side->before->states[n] != PROOF_MATCHED ||
			    strcmp(side->original->symbols[n].name, name))
				continue;
			should = proof_running_original(proof, side, n);
			if (!proof_running_equal(&is, &should))
				continue;
			*original_ret = n;
			return side;
		}
	}
	return NULL;
}

static uint32_t patched_of(const struct proof_side *side, uint32_t original)
{
	for (uint32_t i = 1; i < side->patched->symbol_count; i++)
		if (side->original_of[i] == original)
			return i;
	return 0;
}

static void check_replaced(struct proof *proof, const struct record *record)
{
	struct klpkit_func func;
	const char *object = record_string(proof, record, offsetof(struct klpkit_func, object));
	const char *name = record_string(proof, record, offsetof(struct klpkit_func, name));
	uint32_t original, patched;
	struct proof_side *side;
	struct proof_place new;

	memcpy(&func, record->section->data + record->at, sizeof(func));
	side = side_of(proof, object, name, func.sympos, &original);
	if (!side) {
		proof_complain(proof, NULL, name,
			       "%s,%u of %s is to be replaced, and its code is not that of any "
			       "compiled original",
			       name, func.sympos, object);
		return;
	}
	patched = patched_of(side, original);
	if (!patched || !record_pointer(proof, record, offsetof(struct klpkit_func, new_func), &new)) {
		proof_complain(proof, side, name, "what it is to be replaced with is not there");
		return;
	}
	if (side->replaces[patched])
		proof_complain(proof, side, name, "it is to be replaced twice");
	side->replaces[patched] = true;
	if (proof_entry_at(proof->ko_entries, new.index, new.value, PROOF_SEALS))
		proof_complain(proof, side, name,
			       "its address is taken, and its landing pad is sealed");
	proof_carry(proof, side, patched, &new);
}

/* What is looked for on the stacks is a function of the original, and one that is not replaced. */
static void check_checked(struct proof *proof, const struct record *record)
{
	struct klpkit_check check;
	const char *object = record_string(proof, record, offsetof(struct klpkit_check, object));
	const char *name = record_string(proof, record, offsetof(struct klpkit_check, name));
	uint32_t original, patched;
	struct proof_side *side;

	memcpy(&check, record->section->data + record->at, sizeof(check));
	side = side_of(proof, object, name, check.sympos, &original);
	patched = side ? patched_of(side, original) : 0;
	if (!patched) {
		proof_complain(proof, side, name,
			       "%s,%u of %s is to be looked for, and its code is not that of any "
			       "compiled original",
			       name, check.sympos, object);
		return;
	}
	side->checks[patched] = true;
}

static void for_each_record(struct proof *proof, const char *section, size_t size,
			    void (*check)(struct proof *proof, const struct record *record))
{
	struct record record = { .index = proof_find_section(proof->ko, section) };

	record.section = &proof->ko->sections[record.index];
	if (!record.index || !record.section->data)
		return;
	for (; record.at + size <= record.section->size; record.at += size)
		check(proof, &record);
}

/* The patched function that the module's symbol at the place is named after. */
static void carry_named(struct proof *proof, const char *object, const struct proof_place *place)
{
	int64_t offset;
	uint32_t symbol = proof_symbol_at(proof->ko, place, &offset);
	const char *name = symbol && !offset ? proof->ko->symbols[symbol].name : "";

	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];
		const uint32_t *indices;
		size_t count = name_index_find(&side->patched->names, name, &indices);

		if (strcmp(side->unit->module, object))
			continue;
		for (size_t n = 0; n < count; n++) {
			if (side->patched->symbols[indices[n]].type != STT_FUNC)
				continue;
			proof_carry(proof, side, indices[n], place);
			return;
		}
	}
	proof_complain(proof, NULL, name, "no patched object has this callback");
}

static void check_callback(struct proof *proof, const struct record *record)
{
	const char *object = record_string(proof, record, offsetof(struct klpkit_callback, object));
	struct proof_place place;

	if (record_pointer(proof, record, offsetof(struct klpkit_callback, func), &place))
		carry_named(proof, object, &place);
	else
		proof_complain(proof, NULL, NULL, "a callback of %s has no function", object);
}

static void check_held(struct proof *proof, const struct record *record)
{
	const char *object = record_string(proof, record, offsetof(struct klpkit_held, object));
	struct proof_place place;

	if (record_pointer(proof, record, offsetof(struct klpkit_held, drain), &place))
		carry_named(proof, object, &place);
}

struct error *proof_table(struct proof *proof)
{
	for_each_record(proof, KLPKIT_SEC_FUNCS, sizeof(struct klpkit_func), check_replaced);
	for_each_record(proof, KLPKIT_SEC_CHECKS, sizeof(struct klpkit_check), check_checked);
	for_each_record(proof, KLPKIT_SEC_CALLBACKS, sizeof(struct klpkit_callback),
			check_callback);
	for_each_record(proof, KLPKIT_SEC_HELD, sizeof(struct klpkit_held), check_held);
	return text_failed(&proof->text);
}
