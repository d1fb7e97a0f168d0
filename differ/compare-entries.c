// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Do the special entries of a function and of its twin say the same?
 * Only of the sections that carry meaning of their own (struct special, compared); line numbers
 * of bug table entries do not count.
 */
#include <string.h>

#include "compare.h"

static bool fields_equal(const struct section *left, uint32_t i, const struct section *right,
			 uint32_t j, uint64_t left_base, uint64_t right_base)
{
	return left->relocs[i].offset - left_base == right->relocs[j].offset - right_base &&
	       reloc_width(left->relocs[i].type) == reloc_width(right->relocs[j].type);
}

static uint32_t relocs_from(const struct section *section, uint64_t offset)
{
	uint32_t low = 0, high = section->reloc_count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (section->relocs[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The alternative instructions themselves. */
static bool replacements_equal(const struct correlation *correlation, const struct entry *a,
			       const struct entry *b)
{
	const struct object *lo = correlation->orig->object, *ro = correlation->patched->object;
	const struct section *left, *right;
	uint64_t left_at, right_at, size;
	uint32_t i, j, left_index, right_index;
	const struct reloc *ra, *rb;

	if (a->reloc_count < 2 || b->reloc_count < 2)
		return a->reloc_count == b->reloc_count;
	ra = &lo->sections[a->section].relocs[a->reloc_first + 1];
	rb = &ro->sections[b->section].relocs[b->reloc_first + 1];
	left_index = lo->symbols[ra->symbol].section;
	right_index = ro->symbols[rb->symbol].section;
	if (left_index >= lo->section_count || right_index >= ro->section_count)
		return false;
	left = &lo->sections[left_index];
	right = &ro->sections[right_index];
	left_at = lo->symbols[ra->symbol].value + (uint64_t)ra->addend;
	right_at = ro->symbols[rb->symbol].value + (uint64_t)rb->addend;
	size = lo->sections[a->section].data[a->offset + a->size - 1];
	if (!size)
		return true;
	if (!left->data || !right->data || left_at + size > left->size ||
	    right_at + size > right->size || memcmp(left->data + left_at, right->data + right_at, size))
		return false;
	i = relocs_from(left, left_at);
	j = relocs_from(right, right_at);
	for (; i < left->reloc_count && left->relocs[i].offset < left_at + size; i++, j++) {
		if (j >= right->reloc_count ||
		    !fields_equal(left, i, right, j, left_at, right_at) ||
		    !refs_equal(correlation, model_ref(correlation->orig, left_index, i),
				model_ref(correlation->patched, right_index, j)))
			return false;
	}
	return j >= right->reloc_count || right->relocs[j].offset >= right_at + size;
}

static bool entry_bytes_equal(const struct special *special, const uint8_t *a, const uint8_t *b,
			      uint64_t size)
{
	uint64_t i;

	for (i = 0; i < size; i++) {
		if (special->line_at && (i == special->line_at || i == special->line_at + 1u))
			continue;
		if (a[i] != b[i])
			return false;
	}
	return true;
}

static bool entries_equal(const struct correlation *correlation, const struct entry *a,
			  const struct entry *b)
{
	const struct section *left = &correlation->orig->object->sections[a->section];
	const struct section *right = &correlation->patched->object->sections[b->section];
	uint32_t i;

	if (a->size != b->size || a->reloc_count != b->reloc_count ||
	    strcmp(left->name, right->name) ||
	    !entry_bytes_equal(&special_table[a->special], left->data + a->offset,
			       right->data + b->offset, a->size))
		return false;
	for (i = 0; i < a->reloc_count; i++) {
		if (a->special == SPECIAL_ALT && i == 1)
			continue;
		if (!fields_equal(left, a->reloc_first + i, right, b->reloc_first + i, a->offset,
				  b->offset) ||
		    !refs_equal(correlation,
				model_ref(correlation->orig, a->section, a->reloc_first + i),
				model_ref(correlation->patched, b->section, b->reloc_first + i)))
			return false;
	}
	return a->special != SPECIAL_ALT || replacements_equal(correlation, a, b);
}

/* The next entry of the unit that is compared, from *at on; NULL at the end. */
static const struct entry *next_compared(const struct model *model, const struct unit *unit,
					 uint32_t *at)
{
	while (*at < unit->entry_count) {
		const struct entry *entry = &model->entries.items[unit->entry_first + (*at)++];

		if (special_table[entry->special].compared)
			return entry;
	}
	return NULL;
}

const char *entries_difference(const struct correlation *correlation, uint32_t orig,
			       uint32_t patched)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	uint32_t i = 0, j = 0;

	for (;;) {
		const struct entry *left = next_compared(correlation->orig, a, &i);
		const struct entry *right = next_compared(correlation->patched, b, &j);

		if (!left && !right)
			return NULL;
		if (!left || !right || left->special != right->special ||
		    !entries_equal(correlation, left, right))
			return special_table[right ? right->special : left->special].name;
	}
}
