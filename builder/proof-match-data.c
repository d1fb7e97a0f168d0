// SPDX-License-Identifier: GPL-2.0-or-later
/* The contents of what is found, and what they refer to in turn. */
#include <stdlib.h>
#include <string.h>

#include "proof-matching.h"

/* Written when the image was linked, or by tools after that. */
static bool contents_vary(const struct proof_section *section)
{
	static const char *const names[] = {".data..percpu", ".BTF_ids"};

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
	*ret = (struct proof_place){PLACE_LINKED, 0, 0};
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
		what = matching_check_ref(matching, &a, &b);
		if (what)
			return what;
		if (commit)
			matching_commit_ref(matching, &a, &b);
		at += proof_reloc_width(reloc->type) - 1;
		next++;
	}
	return NULL;
}

struct error *matching_settle_data(struct matching *matching, uint32_t symbol)
{
	struct proof_match *match = matching->match;
	const struct proof_symbol *s = matching_symbol(matching, symbol);
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
		return matching_add_difference(matching, symbol, &match->places[symbol], what, at,
					       at);
	}
	match->states[symbol] = PROOF_MATCHED;
	compare_data(matching, s->section, s->value, s->size, &match->places[symbol], &at, true);
	return NULL;
}
