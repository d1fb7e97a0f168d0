// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "winners.h"

static bool is(const struct function *function, const char *state)
{
	return function->state && !strcmp(function->state, state);
}

/* Do its callers get it? "hidden" and such are said; the kernel's own core says nothing of one that wins. */
static bool wins(const struct patch *patch, const struct function *function)
{
	return patch->enabled && !is(function, "hidden") && !is(function, "off") && !is(function, "absent") &&
	       !is(function, "left out");
}

static bool is_same(const struct function *one, const struct function *other)
{
	return !strcmp(one->object, other->object) && !strcmp(one->name, other->name);
}

static const char *winner_of(const struct patches *patches, enum backend backend, const struct function *function)
{
	for (size_t i = 0; i < patches->count; i++) {
		const struct patch *patch = &patches->items[i];

		/* the kernel's own says nothing of one that is on its way */
		if (patch->backend != backend || (backend == BACKEND_LIVEPATCH && patch->transition))
			continue;
		for (size_t n = 0; n < patch->function_count; n++)
			if (is_same(&patch->functions[n], function) && wins(patch, &patch->functions[n]))
				return patch->name;
	}
	return NULL;
}

void winners_find(struct patches *patches)
{
	for (size_t i = 0; i < patches->count; i++) {
		const struct patch *patch = &patches->items[i];

		for (size_t n = 0; n < patch->function_count; n++)
			if (is(&patch->functions[n], "hidden"))
				patch->functions[n].winner = winner_of(patches, patch->backend, &patch->functions[n]);
	}
}
