// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compares each unit with its twin.
 * In: the correlation. Out: a verdict for each unit of the patched object.
 */
#include <stdlib.h>
#include <string.h>

#include "compare.h"

bool unit_bytes_equal(const struct correlation *correlation, uint32_t orig, uint32_t patched,
		      uint64_t *at_ret)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	const uint8_t *left = unit_bytes(correlation->orig, a);
	const uint8_t *right = unit_bytes(correlation->patched, b);
	uint64_t sizes[2] = { a->end - a->entry, b->end - b->entry };
	uint64_t shorter = sizes[0] < sizes[1] ? sizes[0] : sizes[1], at;
	uint32_t next = 0;

	*at_ret = 0;
	if (!left || !right)
		return !left && !right && sizes[0] == sizes[1];
	left += a->entry - a->start;
	right += b->entry - b->start;
	for (at = 0; at < shorter; at++) {
		/* the bytes of a field count for nothing: its relocation says what it holds */
		const struct section *section = unit_section(correlation->patched, b);

		while (next < b->reloc_count) {
			const struct reloc *reloc = &section->relocs[b->reloc_first + next];

			if (reloc->offset + reloc_width(reloc->type) > b->entry + at)
				break;
			next++;
		}
		if (next < b->reloc_count &&
		    section->relocs[b->reloc_first + next].offset <= b->entry + at)
			continue;
		if (left[at] != right[at]) {
			*at_ret = at;
			return false;
		}
	}
	*at_ret = shorter;
	return sizes[0] == sizes[1];
}

static const char *refs_difference(const struct correlation *correlation,
				   struct comparison *comparison, uint32_t orig, uint32_t patched,
				   uint64_t *at_ret)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	uint32_t i;

	if (a->reloc_count != b->reloc_count)
		return "the number of its references";
	for (i = 0; i < a->reloc_count; i++) {
		uint32_t left = a->reloc_first + i, right = b->reloc_first + i;
		const struct reloc *ra = &unit_section(correlation->orig, a)->relocs[left];
		const struct reloc *rb = &unit_section(correlation->patched, b)->relocs[right];
		struct ref from, to;

		*at_ret = rb->offset - b->entry;
		if (ra->offset - a->entry != rb->offset - b->entry ||
		    reloc_width(ra->type) != reloc_width(rb->type) ||
		    reloc_is_pc_relative(ra->type) != reloc_is_pc_relative(rb->type))
			return "the place of a reference";
		from = model_ref(correlation->orig, a->section, left);
		to = model_ref(correlation->patched, b->section, right);
		if (!refs_equal(correlation, from, to) &&
		    !refs_equal_but_lines(correlation, comparison, orig, patched, *at_ret, from, to))
			return "what it refers to";
	}
	return NULL;
}

/* .data..ro_after_init is read-only by the time a patch runs. */
static bool unit_is_read_only(const struct model *model, const struct unit *unit)
{
	return model->classes[unit->section] != CLASS_DATA ||
	       strstr(unit_section(model, unit)->name, "..ro_after_init");
}

static bool unit_is_per_cpu(const struct model *model, const struct unit *unit)
{
	return !strncmp(unit_section(model, unit)->name, ".data..percpu", 13);
}

/* Code that expects the one kind of memory cannot use the other, whatever is in it. */
static const char *memory_difference(const struct correlation *correlation, const struct unit *a,
				     const struct unit *b)
{
	const struct model *orig = correlation->orig, *patched = correlation->patched;

	if (unit_is_per_cpu(orig, a) != unit_is_per_cpu(patched, b))
		return "whether each CPU has its own";
	if (unit_is_read_only(orig, a) && !unit_is_read_only(patched, b))
		return "whether it is read-only";
	return NULL;
}

/* NULL when they are the same, else why not. */
static const char *units_difference(const struct correlation *correlation,
				    struct comparison *comparison, uint32_t orig, uint32_t patched,
				    uint64_t *at_ret)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	const char *reason;
	bool code = b->kind == UNIT_FUNC;

	*at_ret = 0;
	if (!code) {
		reason = memory_difference(correlation, a, b);
		if (reason)
			return reason;
	}
	if (a->undecodable || b->undecodable)
		return "its instructions cannot be decoded";
	if (a->end - a->entry != b->end - b->entry) {
		unit_bytes_equal(correlation, orig, patched, at_ret);
		return code ? "its code" : "its size";
	}
	if (!unit_bytes_equal(correlation, orig, patched, at_ret) &&
	    (!code || !code_equal_but_lines(correlation, comparison, orig, patched)))
		return code ? "its code" : "its initial contents";
	reason = refs_difference(correlation, comparison, orig, patched, at_ret);
	if (!reason && code) {
		*at_ret = 0;
		reason = entries_difference(correlation, orig, patched);
	}
	return reason;
}

static enum verdict verdict_of(const struct correlation *correlation, uint32_t patched,
			       struct comparison *comparison)
{
	const struct model *model = correlation->patched;
	const struct unit *unit = &model->units.items[patched];
	uint32_t orig = correlation->of_patched[patched];

	if (unit->kind != UNIT_FUNC && unit->kind != UNIT_DATA)
		return VERDICT_BY_VALUE;
	if (unit_fresh(model, unit) != FRESH_NO)
		return VERDICT_BY_VALUE;
	if (orig == UNIT_NONE)
		return VERDICT_NEW;
	comparison->reasons[patched] = units_difference(correlation, comparison, orig, patched,
							&comparison->first_change[patched]);
	return comparison->reasons[patched] ? VERDICT_CHANGED : VERDICT_SAME;
}

/* A cold piece is a part of its function. */
static void compare_spread_pieces(const struct correlation *correlation,
				  struct comparison *comparison)
{
	const struct model *model = correlation->patched;
	uint32_t i;

	for (i = 0; i < model->units.count; i++) {
		uint32_t owner;

		if (model->units.items[i].kind != UNIT_FUNC ||
		    comparison->verdicts[i] == VERDICT_SAME)
			continue;
		owner = unit_cold_owner(model, i);
		if (owner != UNIT_NONE && comparison->verdicts[owner] == VERDICT_SAME) {
			comparison->verdicts[owner] = VERDICT_CHANGED;
			comparison->reasons[owner] = "its cold part";
		}
	}
}

struct error *compare(const struct correlation *correlation, struct comparison **ret)
{
	size_t count = correlation->patched->units.count;
	struct comparison *comparison = calloc(1, sizeof(*comparison));
	uint32_t i;

	if (!comparison)
		return error_nomem();
	comparison->verdicts = calloc(count + 1, sizeof(*comparison->verdicts));
	comparison->reasons = calloc(count + 1, sizeof(*comparison->reasons));
	comparison->first_change = calloc(count + 1, sizeof(*comparison->first_change));
	if (!comparison->verdicts || !comparison->reasons || !comparison->first_change) {
		comparison_destroy(comparison);
		return error_nomem();
	}
	for (i = 0; i < count; i++)
		comparison->verdicts[i] = verdict_of(correlation, i, comparison);
	compare_spread_pieces(correlation, comparison);
	if (comparison->out_of_memory) {
		comparison_destroy(comparison);
		return error_nomem();
	}
	*ret = comparison;
	return NULL;
}

void comparison_destroy(struct comparison *comparison)
{
	if (!comparison)
		return;
	free(comparison->verdicts);
	free(comparison->reasons);
	free(comparison->first_change);
	line_source_destroy(comparison->orig_lines);
	line_source_destroy(comparison->patched_lines);
	free(comparison);
}
