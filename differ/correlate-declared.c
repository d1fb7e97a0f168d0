// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static locals by the function that declares them.
 * In: what has no twin after the code that is the same. Out: twins; and who declares what, so that
 * later levels do not take one function's variable for another's, of the same name.
 */
#include <stdlib.h>
#include <string.h>

#include "correlate.h"

static bool is_open(const struct model *model, const uint32_t *twins, uint32_t id)
{
	return twins[id] == UNIT_NONE && unit_has_number(model, &model->units.items[id]);
}

static bool has_open(const struct model *model, const uint32_t *twins)
{
	for (uint32_t i = 0; i < model->units.count; i++)
		if (is_open(model, twins, i))
			return true;
	return false;
}

static struct error *find_declarers(const struct model *model, struct declarers *ret)
{
	struct error *err = locals_read(model->object, &ret->locals);

	ret->functions = calloc(model->units.count + 1, sizeof(*ret->functions));
	if (!err && !ret->functions)
		err = error_nomem();
	for (size_t i = 0; !err && i < ret->locals.count; i++) {
		const struct local *local = &ret->locals.items[i];
		uint32_t id = model_unit_at(model, local->section, local->offset);

		if (id != UNIT_NONE && model->units.items[id].start == local->offset)
			ret->functions[id] = local->function;
	}
	return err;
}

/* The only open one of the stem that the function declares, or UNIT_NONE. */
static uint32_t only_one(const struct model *model, const uint32_t *twins,
			 const struct declarers *declarers, const char *function,
			 const struct unit *stem)
{
	uint32_t found = UNIT_NONE;

	for (uint32_t i = 0; i < model->units.count; i++) {
		if (!declarers->functions[i] || strcmp(declarers->functions[i], function) ||
		    !is_open(model, twins, i) ||
		    !unit_stems_equal(&model->units.items[i], stem))
			continue;
		if (found != UNIT_NONE)
			return UNIT_NONE;
		found = i;
	}
	return found;
}

static void pair_declared(struct correlation *correlation, uint32_t id)
{
	const struct unit *unit = &correlation->orig->units.items[id];
	const char *function = correlation->in_orig.functions[id];
	uint32_t twin;

	if (!function || !is_open(correlation->orig, correlation->of_orig, id) ||
	    only_one(correlation->orig, correlation->of_orig, &correlation->in_orig, function,
		     unit) != id)
		return;
	twin = only_one(correlation->patched, correlation->of_patched, &correlation->in_patched,
			function, unit);
	if (twin != UNIT_NONE)
		correlation_pair(correlation, id, twin);
}

struct error *correlate_declared(struct correlation *correlation)
{
	struct error *err;

	if (!has_open(correlation->orig, correlation->of_orig) ||
	    !has_open(correlation->patched, correlation->of_patched))
		return NULL;
	err = find_declarers(correlation->orig, &correlation->in_orig);
	if (!err)
		err = find_declarers(correlation->patched, &correlation->in_patched);
	for (uint32_t i = 0; !err && i < correlation->orig->units.count; i++)
		pair_declared(correlation, i);
	return err;
}

bool declared_elsewhere(const struct correlation *correlation, uint32_t orig, uint32_t patched)
{
	const char *before, *after;

	if (!correlation->in_orig.functions || !correlation->in_patched.functions)
		return false;
	before = correlation->in_orig.functions[orig];
	after = correlation->in_patched.functions[patched];
	return before && after && strcmp(before, after);
}

void declarers_destroy(struct declarers *declarers)
{
	locals_destroy(&declarers->locals);
	free(declarers->functions);
}
