// SPDX-License-Identifier: GPL-2.0-or-later
/* Do two relocations mean the same thing? Blind to numbering, placement and section symbols. */
#include <string.h>

#include "compare.h"

/* Data that refers to itself in a circle; nothing real is this deep. */
#define DEPTH_LIMIT 16

static bool refs_equal_deep(const struct correlation *correlation, struct ref orig,
			    struct ref patched, int depth);

static bool relocs_equal(const struct correlation *correlation, const struct unit *a,
			 const struct unit *b, int depth)
{
	uint32_t i;

	if (a->reloc_count != b->reloc_count)
		return false;
	for (i = 0; i < a->reloc_count; i++) {
		uint32_t left = a->reloc_first + i, right = b->reloc_first + i;
		const struct reloc *ra = &unit_section(correlation->orig, a)->relocs[left];
		const struct reloc *rb = &unit_section(correlation->patched, b)->relocs[right];

		if (ra->offset - a->start != rb->offset - b->start ||
		    reloc_width(ra->type) != reloc_width(rb->type) ||
		    reloc_is_pc_relative(ra->type) != reloc_is_pc_relative(rb->type))
			return false;
		if (!refs_equal_deep(correlation, model_ref(correlation->orig, a->section, left),
				     model_ref(correlation->patched, b->section, right), depth))
			return false;
	}
	return true;
}

bool units_equal_by_value(const struct correlation *correlation, uint32_t orig, uint32_t patched,
			  int depth)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	const uint8_t *left = unit_bytes(correlation->orig, a);
	const uint8_t *right = unit_bytes(correlation->patched, b);

	if (depth > DEPTH_LIMIT || a->end - a->start != b->end - b->start || !left != !right)
		return false;
	if (left && memcmp(left, right, a->end - a->start))
		return false;
	return relocs_equal(correlation, a, b, depth + 1);
}

static bool strings_equal(const struct correlation *correlation, const struct unit *a,
			  const struct unit *b, int64_t left_at, int64_t right_at)
{
	int64_t left = (int64_t)(a->end - a->start) - left_at;
	int64_t right = (int64_t)(b->end - b->start) - right_at;

	if (left_at < 0 || right_at < 0 || left != right || left < 0)
		return false;
	return !memcmp(unit_bytes(correlation->orig, a) + left_at,
		       unit_bytes(correlation->patched, b) + right_at, (size_t)left);
}

static bool stems_equal(const struct unit *a, const struct unit *b)
{
	char left[256], right[256];

	name_stem(a->name, left, sizeof(left));
	name_stem(b->name, right, sizeof(right));
	return !strcmp(left, right);
}

static bool fresh_equal(const struct correlation *correlation, struct ref orig, struct ref patched,
			enum fresh fresh, int depth)
{
	const struct unit *a = &correlation->orig->units.items[orig.unit];
	const struct unit *b = &correlation->patched->units.items[patched.unit];

	if (orig.offset != patched.offset || !stems_equal(a, b))
		return false;
	/* a record holds line numbers */
	if (fresh == FRESH_RECORD)
		return relocs_equal(correlation, a, b, depth + 1);
	return units_equal_by_value(correlation, orig.unit, patched.unit, depth);
}

static bool refs_equal_extern(const struct correlation *correlation, struct ref orig,
			      struct ref patched)
{
	const struct symbol *a = &correlation->orig->object->symbols[orig.symbol];
	const struct symbol *b = &correlation->patched->object->symbols[patched.symbol];

	if (orig.unit != patched.unit || orig.offset != patched.offset)
		return false;
	/* a section without units, or no section at all */
	if (symbol_is_defined(correlation->orig->object, a) !=
		    symbol_is_defined(correlation->patched->object, b) ||
	    (a->section >= SYMBOL_ABS && (a->section != b->section || a->value != b->value)))
		return false;
	if (symbol_is_defined(correlation->orig->object, a) && a->type == STT_SECTION)
		return !strcmp(correlation->orig->object->sections[a->section].name,
			       correlation->patched->object->sections[b->section].name);
	return !strcmp(a->name, b->name);
}

static bool refs_equal_deep(const struct correlation *correlation, struct ref orig,
			    struct ref patched, int depth)
{
	const struct unit *a, *b;
	enum fresh fresh;

	if (depth > DEPTH_LIMIT)
		return false;
	if (orig.unit == UNIT_NONE || patched.unit == UNIT_NONE)
		return refs_equal_extern(correlation, orig, patched);
	a = &correlation->orig->units.items[orig.unit];
	b = &correlation->patched->units.items[patched.unit];
	if (a->kind != b->kind)
		return false;
	if (a->kind == UNIT_STRING)
		return strings_equal(correlation, a, b, orig.offset, patched.offset);
	if (a->kind == UNIT_CONST || a->kind == UNIT_ANON)
		return orig.offset == patched.offset &&
		       units_equal_by_value(correlation, orig.unit, patched.unit, depth + 1);
	fresh = unit_fresh(correlation->orig, a);
	if (fresh != FRESH_NO)
		return fresh == unit_fresh(correlation->patched, b) &&
		       fresh_equal(correlation, orig, patched, fresh, depth + 1);
	return correlation->of_orig[orig.unit] == patched.unit && orig.offset == patched.offset;
}

bool refs_equal(const struct correlation *correlation, struct ref orig, struct ref patched)
{
	return refs_equal_deep(correlation, orig, patched, 0);
}
