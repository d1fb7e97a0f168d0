// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Level 1: by name.
 * In: the models. Out: twins of everything whose name is its own: functions, clones, variables
 * outside of functions; then cold pieces, each by its parent's twin.
 */
#include <stdlib.h>
#include <string.h>

#include "correlate.h"

struct named {
	const struct unit *unit;
	uint32_t id;
	bool local;
};

static int named_compare(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcmp(a->unit->name, b->unit->name);

	if (order)
		return order;
	if (a->unit->kind != b->unit->kind)
		return a->unit->kind < b->unit->kind ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static bool named_has_own_name(const struct model *model, const struct unit *unit)
{
	if (!unit->name || (unit->kind != UNIT_FUNC && unit->kind != UNIT_DATA))
		return false;
	if (unit->kind == UNIT_DATA)
		return !name_is_static_local(unit->name) && unit_fresh(model, unit) == FRESH_NO;
	return !name_cold_parent(unit->name);
}

static struct error *named_collect(const struct model *model, struct named **ret, size_t *count_ret)
{
	struct named *list = calloc(model->units.count + 1, sizeof(*list));
	size_t count = 0;
	uint32_t i;

	if (!list)
		return error_nomem();
	for (i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (!named_has_own_name(model, unit))
			continue;
		list[count++] = (struct named){
			unit, i, model->object->symbols[unit->symbol].bind == STB_LOCAL
		};
	}
	qsort(list, count, sizeof(*list), named_compare);
	*ret = list;
	*count_ret = count;
	return NULL;
}

static int named_order(const struct named *a, const struct named *b)
{
	int order = strcmp(a->unit->name, b->unit->name);

	if (order)
		return order;
	return a->unit->kind == b->unit->kind ? 0 : a->unit->kind < b->unit->kind ? -1 : 1;
}

static void named_merge(struct correlation *correlation, const struct named *orig,
			size_t orig_count, const struct named *patched, size_t patched_count)
{
	size_t i = 0, j = 0;

	while (i < orig_count && j < patched_count) {
		int order = named_order(&orig[i], &patched[j]);

		if (!order)
			correlation_pair(correlation, orig[i].id, patched[j].id);
		if (order <= 0)
			i++;
		if (order >= 0)
			j++;
	}
}

static void pair_cold_pieces(struct correlation *correlation)
{
	const struct model *orig = correlation->orig;
	uint32_t i;

	for (i = 0; i < orig->units.count; i++) {
		uint32_t twin = correlation->of_orig[i], piece, other;

		if (twin == UNIT_NONE || orig->units.items[i].kind != UNIT_FUNC)
			continue;
		piece = unit_cold_piece(orig, i);
		other = unit_cold_piece(correlation->patched, twin);
		if (piece != UNIT_NONE && other != UNIT_NONE)
			correlation_pair(correlation, piece, other);
	}
}

/*
 * Clones whose number moved (foo.isra.1 became foo.isra.0), when one of the stem is left on each
 * side. It is sound whichever are paired: a clone is called from its own object only, and a
 * caller that is the same in both objects passes what its twin expects.
 */
static void pair_clones(struct correlation *correlation, const struct named *orig,
			size_t orig_count, const struct named *patched, size_t patched_count)
{
	char stem[256], other_stem[256];
	size_t i, j;

	for (i = 0; i < orig_count; i++) {
		size_t matches = 0, match = 0;

		if (orig[i].unit->kind != UNIT_FUNC || !orig[i].local ||
		    correlation->of_orig[orig[i].id] != UNIT_NONE ||
		    !strchr(orig[i].unit->name, '.'))
			continue;
		name_stem(orig[i].unit->name, stem, sizeof(stem));
		for (j = 0; j < patched_count; j++) {
			if (patched[j].unit->kind != UNIT_FUNC || !patched[j].local ||
			    correlation->of_patched[patched[j].id] != UNIT_NONE ||
			    !strchr(patched[j].unit->name, '.'))
				continue;
			name_stem(patched[j].unit->name, other_stem, sizeof(other_stem));
			if (!strcmp(stem, other_stem)) {
				matches++;
				match = j;
			}
		}
		if (matches == 1)
			correlation_pair(correlation, orig[i].id, patched[match].id);
	}
}

struct error *correlate_names(struct correlation *correlation)
{
	struct named *orig = NULL, *patched = NULL;
	size_t orig_count = 0, patched_count = 0;
	struct error *err;

	err = named_collect(correlation->orig, &orig, &orig_count);
	if (!err)
		err = named_collect(correlation->patched, &patched, &patched_count);
	if (!err) {
		named_merge(correlation, orig, orig_count, patched, patched_count);
		pair_clones(correlation, orig, orig_count, patched, patched_count);
		pair_cold_pieces(correlation);
	}
	free(orig);
	free(patched);
	return err;
}
