// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Levels 2 and 3: what carries the compiler's numbers (count.57), by who refers to it.
 * In: the twins found by name. Out: twins of static locals.
 *
 * The number says nothing: it moves with every declaration above. But in the two versions of a
 * function, the locals of one stem are met in the same order, and as many of them. Where one
 * was added or removed, those of equal size and contents are paired first; what stays open then
 * is left alone, and refused later if it matters.
 *
 * In a function that changed, the order may have changed too. So what is certain comes first: the
 * only local of its stem, and functions whose code is the same. Of several in changed code, the
 * order in the code and that of the compiler's numbers must agree.
 */
#include <stdlib.h>
#include <string.h>

#include "correlate.h"

struct met {
	uint32_t *items;
	size_t count, room;
};

bool unit_has_number(const struct model *model, const struct unit *unit)
{
	return unit->kind == UNIT_DATA && unit->name && name_is_static_local(unit->name) &&
	       model->object->symbols[unit->symbol].bind == STB_LOCAL &&
	       unit_fresh(model, unit) == FRESH_NO;
}

static struct error *met_add(struct met *met, uint32_t id)
{
	uint32_t *place;
	size_t i;

	for (i = 0; i < met->count; i++)
		if (met->items[i] == id)
			return NULL;
	place = array_add(met);
	if (!place)
		return error_nomem();
	*place = id;
	return NULL;
}

/* The numbered units without twin that a unit refers to, in the order of its code. */
static struct error *met_collect(const struct model *model, const uint32_t *twins, uint32_t id,
				 struct met *met)
{
	const struct unit *unit = &model->units.items[id];
	uint32_t i;

	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		struct error *err;

		if (ref.unit == UNIT_NONE || twins[ref.unit] != UNIT_NONE ||
		    !unit_has_number(model, &model->units.items[ref.unit]))
			continue;
		err = met_add(met, ref.unit);
		if (err)
			return err;
	}
	return NULL;
}

bool unit_stems_equal(const struct unit *a, const struct unit *b)
{
	char stem[256], other[256];

	name_stem(a->name, stem, sizeof(stem));
	name_stem(b->name, other, sizeof(other));
	return !strcmp(stem, other);
}

static bool contents_equal(const struct correlation *correlation, uint32_t orig, uint32_t patched)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	const uint8_t *left = unit_bytes(correlation->orig, a);
	const uint8_t *right = unit_bytes(correlation->patched, b);

	return a->end - a->start == b->end - b->start && !left == !right &&
	       (!left || !memcmp(left, right, a->end - a->start));
}

/* How many in the list share this one's stem and have no twin yet. */
static size_t met_count_stem(const struct model *model, const uint32_t *twins,
			     const struct met *met, const struct unit *unit)
{
	size_t i, count = 0;

	for (i = 0; i < met->count; i++)
		if (twins[met->items[i]] == UNIT_NONE &&
		    unit_stems_equal(&model->units.items[met->items[i]], unit))
			count++;
	return count;
}

static unsigned long unit_number(const struct unit *unit)
{
	return strtoul(strrchr(unit->name, '.') + 1, NULL, 10);
}

/* The numbers of those of the stem that have no twin, in the order of the code. */
static size_t met_numbers(const struct model *model, const uint32_t *twins, const struct met *met,
			  const struct unit *stem, unsigned long *numbers)
{
	size_t i, count = 0;

	for (i = 0; i < met->count; i++) {
		const struct unit *unit = &model->units.items[met->items[i]];

		if (twins[met->items[i]] == UNIT_NONE && unit_stems_equal(unit, stem))
			numbers[count++] = unit_number(unit);
	}
	return count;
}

/* As many of the stem on both sides, and numbered in the same order? */
static bool met_order_agrees(const struct correlation *correlation, const struct met *orig,
			     const struct met *patched, const struct unit *stem)
{
	unsigned long *left = calloc(orig->count + patched->count + 1, sizeof(*left));
	unsigned long *right = left + orig->count;
	size_t count, i, j;
	bool agrees;

	if (!left)
		return false;
	count = met_numbers(correlation->orig, correlation->of_orig, orig, stem, left);
	agrees = count == met_numbers(correlation->patched, correlation->of_patched, patched, stem,
				      right);
	for (i = 0; agrees && i < count; i++)
		for (j = i + 1; agrees && j < count; j++)
			agrees = (left[i] < left[j]) == (right[i] < right[j]);
	free(left);
	return agrees;
}

static bool code_is_same(const struct correlation *correlation, uint32_t orig)
{
	uint32_t patched = correlation->of_orig[orig];

	return correlation->orig->units.items[orig].reloc_count ==
		       correlation->patched->units.items[patched].reloc_count &&
	       contents_equal(correlation, orig, patched);
}

/* How sure a pairing must be. */
enum certainty {
	SAME,	 /* met in the same code */
	CERTAIN, /* the only one of its stem, or met in the same code */
	LIKELY,	 /* in the order of code that changed, or alike */
};

/* Pairs in order; only those alike when that does not tell. */
static bool met_pair(struct correlation *correlation, const struct met *orig,
		     const struct met *patched, bool same_code, enum certainty certainty)
{
	bool progress = false;
	size_t i, j;

	for (i = 0; i < orig->count; i++) {
		const struct unit *unit = &correlation->orig->units.items[orig->items[i]];
		size_t left, right;
		bool in_order;

		if (correlation->of_orig[orig->items[i]] != UNIT_NONE)
			continue;
		left = met_count_stem(correlation->orig, correlation->of_orig, orig, unit);
		right = met_count_stem(correlation->patched, correlation->of_patched, patched,
				       unit);
		in_order = left == right && (same_code || left == 1);
		if ((certainty == CERTAIN && !in_order) ||
		    (certainty == SAME && !(in_order && same_code)))
			continue;
		if (!in_order)
			in_order = met_order_agrees(correlation, orig, patched, unit);
		if (!in_order && left == right)
			continue; /* alike or not, which is which cannot be told */
		for (j = 0; j < patched->count; j++) {
			const struct unit *other =
				&correlation->patched->units.items[patched->items[j]];

			if (correlation->of_patched[patched->items[j]] != UNIT_NONE ||
			    !unit_stems_equal(unit, other) ||
			    declared_elsewhere(correlation, orig->items[i], patched->items[j]))
				continue;
			if (!in_order &&
			    !contents_equal(correlation, orig->items[i], patched->items[j]))
				continue;
			correlation_pair(correlation, orig->items[i], patched->items[j]);
			progress = true;
			break;
		}
	}
	return progress;
}

static struct error *referrers_step(struct correlation *correlation, uint32_t id,
				    enum certainty certainty, bool *progress)
{
	struct met orig = { 0 }, patched = { 0 };
	struct error *err;

	err = met_collect(correlation->orig, correlation->of_orig, id, &orig);
	if (!err && orig.count)
		err = met_collect(correlation->patched, correlation->of_patched,
				  correlation->of_orig[id], &patched);
	if (!err && patched.count)
		*progress |= met_pair(correlation, &orig, &patched, code_is_same(correlation, id),
				      certainty);
	free(orig.items);
	free(patched.items);
	return err;
}

static struct error *referrers_pass(struct correlation *correlation, enum certainty certainty,
				    bool *progress)
{
	uint32_t i;

	*progress = false;
	for (i = 0; i < correlation->orig->units.count; i++) {
		struct error *err;

		if (correlation->of_orig[i] == UNIT_NONE)
			continue;
		err = referrers_step(correlation, i, certainty, progress);
		if (err)
			return err;
		/* what this settled may make others certain */
		if (*progress && certainty == LIKELY)
			return NULL;
	}
	return NULL;
}

struct error *correlate_same_code(struct correlation *correlation)
{
	struct error *err;
	bool progress;

	do {
		err = referrers_pass(correlation, SAME, &progress);
	} while (!err && progress);
	return err;
}

struct error *correlate_referrers(struct correlation *correlation)
{
	bool progress;

	do {
		struct error *err = referrers_pass(correlation, CERTAIN, &progress);

		if (!err && !progress)
			err = referrers_pass(correlation, LIKELY, &progress);
		if (err)
			return err;
	} while (progress);
	return NULL;
}

static struct error *leftovers_collect(const struct model *model, const uint32_t *twins,
				       struct met *met)
{
	uint32_t i;

	for (i = 0; i < model->units.count; i++) {
		uint32_t *place;

		if (twins[i] != UNIT_NONE || !unit_has_number(model, &model->units.items[i]))
			continue;
		place = array_add(met);
		if (!place)
			return error_nomem();
		*place = i;
	}
	return NULL;
}

/* Is this function, or that of which it is the cold piece, in both objects? */
static bool function_stays(const struct model *model, const uint32_t *twins, uint32_t id)
{
	uint32_t owner = unit_cold_owner(model, id);

	return twins[owner == UNIT_NONE ? id : owner] != UNIT_NONE;
}

static bool users_stay(const struct model *model, const uint32_t *twins, uint32_t local)
{
	uint32_t i, j;

	for (i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		for (j = 0; j < unit->reloc_count; j++)
			if (model_ref(model, unit->section, unit->reloc_first + j).unit == local &&
			    !function_stays(model, twins, i))
				return false;
	}
	return true;
}

/*
 * The function that it was in got inlined, split or cloned: the stem alone must do. But where no
 * function came or went, one lost a local and another got one of that name: not the same.
 */
struct error *correlate_leftovers(struct correlation *correlation)
{
	struct met orig = { 0 }, patched = { 0 };
	struct error *err;
	size_t i, j;

	err = leftovers_collect(correlation->orig, correlation->of_orig, &orig);
	if (!err)
		err = leftovers_collect(correlation->patched, correlation->of_patched, &patched);
	for (i = 0; !err && i < orig.count; i++) {
		const struct unit *unit = &correlation->orig->units.items[orig.items[i]];

		if (met_count_stem(correlation->orig, correlation->of_orig, &orig, unit) != 1 ||
		    met_count_stem(correlation->patched, correlation->of_patched, &patched, unit) !=
			    1)
			continue;
		for (j = 0; j < patched.count; j++) {
			const struct unit *other =
				&correlation->patched->units.items[patched.items[j]];

			if (correlation->of_patched[patched.items[j]] == UNIT_NONE &&
			    unit_stems_equal(unit, other) &&
			    !declared_elsewhere(correlation, orig.items[i], patched.items[j]) &&
			    unit->end - unit->start == other->end - other->start &&
			    !(users_stay(correlation->orig, correlation->of_orig, orig.items[i]) &&
			      users_stay(correlation->patched, correlation->of_patched,
					 patched.items[j])))
				correlation_pair(correlation, orig.items[i], patched.items[j]);
		}
	}
	free(orig.items);
	free(patched.items);
	return err;
}
