// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layouts: include/asm-generic/bug.h, arch/x86/include/asm/{extable,jump_label,alternative,
 * paravirt_types}.h, include/linux/static_call_types.h.
 */
#include <stdlib.h>
#include <string.h>

#include "proof-entries.h"

/* code: where the field is that says which code it is about. made: by objtool. */
static const struct {
	const char *section;
	uint8_t sizes[2], code;
	bool made;
} specials[PROOF_SPECIAL_COUNT] = {
	[PROOF_BUGS] = { "__bug_table", { 12 }, 0, false },
	[PROOF_EXCEPTIONS] = { "__ex_table", { 12 }, 0, false },
	[PROOF_JUMP_LABELS] = { "__jump_table", { 16 }, 0, false },
	[PROOF_ALTERNATIVES] = { ".altinstructions", { 14, 12 }, 0, false },
	[PROOF_PARAVIRT] = { ".parainstructions", { 16 }, 0, false },
	[PROOF_STATIC_CALLS] = { ".static_call_sites", { 8 }, 0, true },
	[PROOF_SMP_LOCKS] = { ".smp_locks", { 4 }, 0, false },
	[PROOF_RETPOLINES] = { ".retpoline_sites", { 4 }, 0, true },
	[PROOF_RETURNS] = { ".return_sites", { 4 }, 0, true },
	[PROOF_CALL_SITES] = { ".call_sites", { 4 }, 0, true },
	[PROOF_SEALS] = { ".ibt_endbr_seal", { 4 }, 0, true },
	[PROOF_MCOUNT] = { "__mcount_loc", { 8 }, 0, true },
	[PROOF_ORC] = { ".orc_unwind_ip", { 4 }, 0, true },
};

/* In struct alt_instr: the replacement, its length; the latter by the entry's size. */
#define ALT_REPLACEMENT 4
#define ALT_LENGTH(size) ((size) == 14 ? 13 : 11)
#define BUG_LINE 8

const char *proof_special_name(enum proof_special special)
{
	return specials[special].section;
}

bool proof_special_is_made(enum proof_special special)
{
	return specials[special].made;
}

static bool size_fits(const struct proof_section *section, uint32_t size)
{
	uint64_t next = 0;

	if (section->size % size)
		return false;
	for (uint32_t i = 0; i < section->reloc_count; i++) {
		if (section->relocs[i].offset > next)
			return false;
		if (section->relocs[i].offset == next)
			next += size;
	}
	return next == section->size;
}

static struct error *add_section(struct proof_entries *entries, size_t *room, uint32_t index,
				 enum proof_special special)
{
	const struct proof_object *object = entries->object;
	const struct proof_section *section = &object->sections[index];
	uint32_t size = specials[special].sizes[0];

	if (!size_fits(section, size) && specials[special].sizes[1])
		size = specials[special].sizes[1];
	if (!size_fits(section, size))
		return error_create(EXIT_ERROR,
				    "%s: the entries of %s are not of a size that is known",
				    object->path, section->name);
	entries->sizes[special] = size;
	for (uint32_t i = 0; i < section->reloc_count; i++) {
		const struct proof_reloc *reloc = &section->relocs[i];
		struct proof_place code = proof_reloc_place(object, reloc, 0);

		if (reloc->offset % size || code.space != PLACE_SECTION)
			continue;
		if (entries->count == *room) {
			struct proof_entry *items;

			*room = *room * 2 + 64;
			items = reallocarray(entries->items, *room, sizeof(*items));
			if (!items)
				return error_nomem();
			entries->items = items;
		}
		entries->items[entries->count++] = (struct proof_entry){
			.code_section = code.index,
			.special = special,
			.code = code.value,
			.section = index,
			.at = reloc->offset,
		};
	}
	return NULL;
}

static int by_code(const void *left, const void *right)
{
	const struct proof_entry *a = left, *b = right;

	if (a->code_section != b->code_section)
		return a->code_section < b->code_section ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->special != b->special)
		return a->special < b->special ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

struct error *proof_entries_create(const struct proof_object *object, struct proof_entries **ret)
{
	struct proof_entries *entries = calloc(1, sizeof(*entries));
	struct error *err = NULL;
	size_t room = 0;

	if (!entries)
		return error_nomem();
	entries->object = object;
	for (uint32_t i = 1; !err && i < object->section_count; i++) {
		const char *name = object->sections[i].name;

		if (object->sections[i].type == SHT_RELA || !object->sections[i].size)
			continue;
		if (!strcmp(name, ".orc_unwind"))
			entries->orc = i;
		for (int s = 0; !err && s < PROOF_SPECIAL_COUNT; s++)
			if (!strcmp(name, specials[s].section))
				err = add_section(entries, &room, i, (enum proof_special)s);
	}
	if (err) {
		proof_entries_destroy(entries);
		return err;
	}
	if (entries->count)
		qsort(entries->items, entries->count, sizeof(*entries->items), by_code);
	*ret = entries;
	return NULL;
}

void proof_entries_destroy(struct proof_entries *entries)
{
	if (!entries)
		return;
	free(entries->items);
	free(entries);
}

static size_t first_at(const struct proof_entries *entries, uint32_t section, uint64_t offset)
{
	size_t low = 0, high = entries->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct proof_entry *entry = &entries->items[middle];

		if (entry->code_section < section ||
		    (entry->code_section == section && entry->code < offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct proof_entry *proof_entries_of(const struct proof_entries *entries, uint32_t section,
					   uint64_t start, uint64_t size, size_t *count_ret)
{
	size_t first = first_at(entries, section, start), end = first;

	while (end < entries->count && entries->items[end].code_section == section &&
	       entries->items[end].code < start + size)
		end++;
	*count_ret = end - first;
	return &entries->items[first];
}

const struct proof_entry *proof_entry_at(const struct proof_entries *entries, uint32_t section,
					 uint64_t offset, enum proof_special special)
{
	for (size_t i = first_at(entries, section, offset);
	     i < entries->count && entries->items[i].code_section == section &&
	     entries->items[i].code == offset;
	     i++)
		if (entries->items[i].special == special)
			return &entries->items[i];
	return NULL;
}

static const struct proof_reloc *reloc_at(const struct proof_section *section, uint64_t offset)
{
	uint32_t i = proof_first_reloc(section, offset);

	return i < section->reloc_count && section->relocs[i].offset == offset ?
		       &section->relocs[i] :
		       NULL;
}

static bool inside(const struct proof_code *code, const struct proof_place *place)
{
	return place->space == PLACE_SECTION && place->index == code->section &&
	       place->value >= code->start && place->value - code->start < code->size;
}

struct comparing {
	const struct proof_entries *a_all, *b_all;
	const struct proof_entry *a, *b;
	const struct proof_code *a_code, *b_code;
	proof_entry_ref refer;
	void *data;
};

static const char *compare_field(const struct comparing *c, unsigned int field,
				 const struct proof_reloc *a, const struct proof_reloc *b)
{
	struct proof_place a_place, b_place;

	if (!a || !b || a->type != b->type)
		return "a field that refers to something";
	a_place = proof_reloc_place(c->a_all->object, a, 0);
	b_place = proof_reloc_place(c->b_all->object, b, 0);
	if (inside(c->a_code, &a_place) && inside(c->b_code, &b_place))
		return a_place.value - c->a_code->start == b_place.value - c->b_code->start ?
			       NULL :
			       "a place in the code";
	c->refer(c->data, c->a, field, &a_place, &b_place);
	return NULL;
}

bool proof_entry_replacement(const struct proof_entries *entries, const struct proof_entry *entry,
			     struct proof_code *ret)
{
	const struct proof_section *section = &entries->object->sections[entry->section];
	uint8_t length = section->data[entry->at + ALT_LENGTH(entries->sizes[entry->special])];
	const struct proof_reloc *reloc = reloc_at(section, entry->at + ALT_REPLACEMENT);
	struct proof_place place;

	if (!length || !reloc)
		return false;
	place = proof_reloc_place(entries->object, reloc, 0);
	if (place.space != PLACE_SECTION ||
	    place.value + length > entries->object->sections[place.index].size)
		return false;
	*ret = (struct proof_code){ entries->object, place.index,
				    entries->object->sections[place.index].data + place.value,
				    place.value, length };
	return true;
}

static const char *compare_replacement(const struct comparing *c)
{
	struct proof_code ca, cb;
	struct proof_comparison comparison = { 0 };
	const char *what = NULL;
	struct error *err;
	bool has = proof_entry_replacement(c->a_all, c->a, &ca);

	if (has != proof_entry_replacement(c->b_all, c->b, &cb))
		return "its replacement";
	if (!has)
		return NULL;
	err = proof_compare(&ca, &cb, &comparison);
	if (err || !comparison.same || comparison.immediates.count)
		what = "its replacement";
	error_destroy(err);
	for (size_t i = 0; !what && i < comparison.refs.count; i++) {
		struct proof_place *x = &comparison.refs.items[i].a;
		struct proof_place *y = &comparison.refs.items[i].b;

		if (inside(c->a_code, x) && inside(c->b_code, y)) {
			if (x->value - c->a_code->start != y->value - c->b_code->start)
				what = "its replacement";
			continue;
		}
		c->refer(c->data, c->a, ALT_REPLACEMENT, x, y);
	}
	proof_comparison_destroy(&comparison);
	return what;
}

const char *proof_entry_compare(const struct proof_entries *a_all, const struct proof_entry *a,
				const struct proof_code *a_code,
				const struct proof_entries *b_all, const struct proof_entry *b,
				const struct proof_code *b_code, bool ignore_lines,
				proof_entry_ref refer, void *data)
{
	const struct comparing c = { a_all, b_all, a, b, a_code, b_code, refer, data };
	const struct proof_section *as = &a_all->object->sections[a->section];
	const struct proof_section *bs = &b_all->object->sections[b->section];
	uint32_t size = a_all->sizes[a->special];

	if (size != b_all->sizes[b->special])
		return "its size";
	for (uint32_t at = 0; at < size; at++) {
		const struct proof_reloc *ra = reloc_at(as, a->at + at);
		const struct proof_reloc *rb = reloc_at(bs, b->at + at);
		const char *what;

		if (!ra && !rb) {
			bool line = ignore_lines && a->special == PROOF_BUGS &&
				    (at == BUG_LINE || at == BUG_LINE + 1);

			if (!line && as->data[a->at + at] != bs->data[b->at + at])
				return "its contents";
			continue;
		}
		if (a->special == PROOF_ALTERNATIVES && at == ALT_REPLACEMENT)
			what = compare_replacement(&c);
		else
			what = compare_field(&c, at, ra, rb);
		if (what)
			return what;
		at += proof_reloc_width((ra ?: rb)->type) - 1;
	}
	return NULL;
}
