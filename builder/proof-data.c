// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of live variables that the module changes: each is in the variable whose name the record
 * has, the module holds for it what the original has there and what the patched one has, and every
 * word of it that differs is among them.
 */
#include <klpkit/format.h>
#include <stddef.h>
#include <string.h>

#include "proof-names.h"
#include "proof-state.h"

struct word {
	struct proof *proof;
	struct proof_side *side;
	const char *name;
	const struct proof_section *records;
	uint64_t at; /* of the record */
	struct klpkit_data data;
	uint32_t original, patched; /* symbols */
};

/* The relocation at an offset of a section, or NULL. */
static const struct proof_reloc *reloc_at(const struct proof_section *section, uint64_t offset)
{
	uint32_t i = proof_first_reloc(section, offset);

	return i < section->reloc_count && section->relocs[i].offset == offset ?
		       &section->relocs[i] :
		       NULL;
}

static const char *string_of(const struct proof *proof, const struct proof_reloc *reloc)
{
	const struct proof_section *section;
	struct proof_place place;

	if (!reloc)
		return "";
	place = proof_reloc_place(proof->ko, reloc, 0);
	section = &proof->ko->sections[place.space == PLACE_SECTION ? place.index : 0];
	if (!section->data || place.value >= section->size ||
	    !memchr(section->data + place.value, 0, section->size - place.value))
		return "";
	return (const char *)section->data + place.value;
}

/* The bytes as a number: false when they are not in the file. */
static bool number_at(const struct proof_object *object, uint32_t symbol, uint64_t at, uint32_t size,
		      uint64_t *ret)
{
	const struct proof_symbol *s = &object->symbols[symbol];
	const struct proof_section *section = &object->sections[s->section];

	*ret = 0;
	if (at + size > s->size || s->value + at + size > section->size)
		return false;
	if (section->data)
		memcpy(ret, section->data + s->value + at, size);
	return true;
}

static const struct proof_reloc *symbol_reloc(const struct proof_object *object, uint32_t symbol,
					      uint64_t at)
{
	const struct proof_symbol *s = &object->symbols[symbol];

	return reloc_at(&object->sections[s->section], s->value + at);
}

/* What a pointer of the original object means in the running system. */
static struct proof_running running_of_pointer(const struct proof *proof,
					       const struct proof_side *side,
					       const struct proof_reloc *reloc)
{
	struct proof_place place = proof_reloc_place(side->original, reloc, 0);
	struct proof_running running = { 0 };
	int64_t offset = (int64_t)place.value;
	uint32_t symbol = place.space == PLACE_UNDEFINED ?
				  place.index :
				  proof_symbol_at(side->original, &place, &offset);

	if (!symbol)
		return running;
	if (proof_symbol_defined(side->original, symbol) ||
	    side->before->places[symbol].space != PLACE_UNKNOWN) {
		running = proof_running_original(proof, side, symbol);
	} else {
		const char *name = side->original->symbols[symbol].name;

		running = proof_running_find(proof, side, side->unit->module, name, 0);
		if (running.kind == RUNNING_NOWHERE)
			running = proof_running_find(proof, side, "vmlinux", name, 0);
	}
	running.value += (uint64_t)offset;
	return running;
}

static struct proof_running running_of_field(const struct word *word, size_t field)
{
	const struct proof_reloc *reloc = reloc_at(word->records, word->at + field);
	struct proof_running running = { 0 };
	struct proof_place place;

	if (!reloc)
		return running;
	place = proof_reloc_place(word->proof->ko, reloc, 0);
	if (place.space == PLACE_UNDEFINED) {
		running = proof_running_of_ko(word->proof, word->side, place.index);
		running.value += place.value;
	}
	return running;
}

static void complain(const struct word *word, const char *what)
{
	proof_complain(word->proof, word->side, word->name,
		       "at +0x%x of it the module is to change a word: %s", word->data.offset, what);
}

static void check_old(const struct word *word)
{
	const struct proof_reloc *reloc =
		symbol_reloc(word->side->original, word->original, word->data.offset);
	struct proof_running is = running_of_field(word, offsetof(struct klpkit_data, old)), should;
	uint64_t number;

	if (reloc) {
		should = running_of_pointer(word->proof, word->side, reloc);
		if (!proof_running_equal(&is, &should))
			complain(word, "it expects another pointer there than the original has");
		return;
	}
	if (reloc_at(word->records, word->at + offsetof(struct klpkit_data, old)) ||
	    !number_at(word->side->original, word->original, word->data.offset, word->data.size,
		       &number) ||
	    number != word->data.old)
		complain(word, "it expects another value there than the original has");
}

static void check_new(const struct word *word)
{
	const struct proof_object *patched = word->side->patched;
	const struct proof_reloc *reloc = symbol_reloc(patched, word->patched, word->data.offset);
	const struct proof_reloc *field =
		reloc_at(word->records, word->at + offsetof(struct klpkit_data, new));
	struct proof_place should, is;
	uint64_t number;

	if (!reloc || !field) {
		if (reloc || field ||
		    !number_at(patched, word->patched, word->data.offset, word->data.size,
			       &number) ||
		    number != word->data.new)
			complain(word, "the patched object has another value there");
		return;
	}
	should = proof_reloc_place(patched, reloc, 0);
	is = proof_reloc_place(word->proof->ko, field, 0);
	proof_check_ref(word->proof, word->side, word->name, word->data.offset, PROOF_REFERS, &should,
			patched->symbols[reloc->symbol].name, &is);
}

/* The patched object's variable of the name, whether or not its contents could be paired. */
static uint32_t patched_variable(const struct proof_side *side, uint32_t original)
{
	const char *name = side->original->symbols[original].name;
	uint32_t found = 0;

	for (uint32_t i = 1; i < side->patched->symbol_count; i++)
		if (side->original_of[i] == original)
			return i;
	for (uint32_t i = 1; i < side->patched->symbol_count; i++) {
		const struct proof_symbol *s = &side->patched->symbols[i];

		if (s->type != STT_OBJECT || !proof_symbol_defined(side->patched, i) ||
		    side->original_of[i] || !proof_names_same(s->name, name))
			continue;
		if (found)
			return 0;
		found = i;
	}
	return found;
}

/* The original variable that the record's place is in. */
static bool find_variable(struct word *word, const char *object)
{
	struct proof *proof = word->proof;

	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];
		struct proof_running is;

		if (strcmp(side->unit->module, object) || !side->original)
			continue;
		word->side = side;
		is = running_of_field(word, offsetof(struct klpkit_data, where));
		for (uint32_t n = 1; n < side->original->symbol_count; n++) {
			const struct proof_symbol *s = &side->original->symbols[n];
			struct proof_running should;

			if (s->type != STT_OBJECT || strcmp(s->name, word->name) ||
			    !proof_symbol_defined(side->original, n))
				continue;
			should = proof_running_original(proof, side, n);
			if (should.kind == RUNNING_NOWHERE)
				should = proof_running_find(proof, side, object, s->name, 0);
			should.value += word->data.offset;
			if (!proof_running_equal(&is, &should))
				continue;
			word->original = n;
			word->patched = patched_variable(side, n);
			return word->patched;
		}
	}
	return false;
}

static void check_record(struct proof *proof, const struct proof_section *records, uint64_t at)
{
	struct word word = { .proof = proof, .records = records, .at = at };
	const char *object = string_of(
		proof, reloc_at(records, at + offsetof(struct klpkit_data, object)));

	word.name = string_of(proof, reloc_at(records, at + offsetof(struct klpkit_data, name)));
	memcpy(&word.data, records->data + at, sizeof(word.data));
	if (!find_variable(&word, object)) {
		proof_complain(proof, NULL, word.name,
			       "at +0x%x of %s of %s the module is to change a word, and it is "
			       "nowhere there in any compiled original",
			       word.data.offset, word.name, object);
		return;
	}
	if (word.data.size > 8 || !word.data.size || word.data.size & (word.data.size - 1) ||
	    word.data.offset % word.data.size)
		complain(&word, "it is no aligned word");
	word.side->words[word.original]++;
	check_old(&word);
	check_new(&word);
}

static bool is_covered(const struct proof *proof, const char *object, const char *name, uint64_t at)
{
	uint32_t index = proof_find_section(proof->ko, KLPKIT_SEC_DATA);
	const struct proof_section *records = &proof->ko->sections[index];

	for (uint64_t i = 0; index && records->data && i + sizeof(struct klpkit_data) <= records->size;
	     i += sizeof(struct klpkit_data)) {
		struct klpkit_data data;

		memcpy(&data, records->data + i, sizeof(data));
		if (at >= data.offset && at < data.offset + data.size &&
		    !strcmp(object, string_of(proof,
					      reloc_at(records,
						       i + offsetof(struct klpkit_data, object)))) &&
		    !strcmp(name, string_of(proof, reloc_at(records,
							    i + offsetof(struct klpkit_data, name)))))
			return true;
	}
	return false;
}

static bool is_compared(const struct proof_object *object, uint32_t symbol)
{
	const struct proof_symbol *s = &object->symbols[symbol];
	const struct proof_section *section = &object->sections[s->section];

	return s->size && section->flags & SHF_ALLOC && strncmp(section->name, ".init", 5) &&
	       strncmp(section->name, ".exit", 5) && section->type != SHT_NOBITS;
}

/* Is the pointer there another one? Where one of them cannot be followed, that is not known. */
static bool pointer_changed(const struct proof *proof, const struct proof_side *side,
			    uint32_t original, uint32_t patched, uint64_t at)
{
	const struct proof_reloc *a = symbol_reloc(side->original, original, at);
	const struct proof_reloc *b = symbol_reloc(side->patched, patched, at);
	struct proof_running then, now;
	struct proof_place place;
	int64_t offset;
	uint32_t symbol;

	if (!a || !b)
		return !a != !b;
	then = running_of_pointer(proof, side, a);
	place = proof_reloc_place(side->patched, b, 0);
	offset = (int64_t)place.value;
	symbol = place.space == PLACE_UNDEFINED ? place.index :
						  proof_symbol_at(side->patched, &place, &offset);
	if (!symbol)
		return false;
	now = proof_running_of_patched(proof, side, symbol);
	now.value += (uint64_t)offset;
	return then.kind != RUNNING_NOWHERE && now.kind != RUNNING_NOWHERE &&
	       !proof_running_equal(&then, &now);
}

/* Every byte that is another one now, and every pointer. */
static void check_all(struct proof *proof, struct proof_side *side, uint32_t patched)
{
	uint32_t original = side->original_of[patched];
	const struct proof_symbol *a = &side->original->symbols[original];
	const struct proof_symbol *b = &side->patched->symbols[patched];

	if (a->size != b->size || !is_compared(side->original, original) ||
	    !is_compared(side->patched, patched))
		return;
	for (uint64_t at = 0; at < a->size; at++) {
		uint64_t then, now;

		if (!number_at(side->original, original, at, 1, &then) ||
		    !number_at(side->patched, patched, at, 1, &now) ||
		    (then == now && !pointer_changed(proof, side, original, patched, at)) ||
		    is_covered(proof, side->unit->module, a->name, at))
			continue;
		proof_complain(proof, side, a->name,
			       "its contents changed at +0x%llx, and the module does not change them",
			       (unsigned long long)at);
		return;
	}
}

void proof_data(struct proof *proof)
{
	uint32_t index = proof_find_section(proof->ko, KLPKIT_SEC_DATA);
	const struct proof_section *records = &proof->ko->sections[index];

	for (uint64_t at = 0; index && records->data && at + sizeof(struct klpkit_data) <= records->size;
	     at += sizeof(struct klpkit_data))
		check_record(proof, records, at);
	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];

		for (uint32_t n = 1; side->original && n < side->patched->symbol_count; n++)
			if (side->original_of[n] && proof_symbol_defined(side->patched, n) &&
			    proof_symbol_defined(side->original, side->original_of[n]) &&
			    side->patched->symbols[n].type == STT_OBJECT &&
			    !proof_name_is_fresh(side->patched->symbols[n].name))
				check_all(proof, side, n);
	}
}
