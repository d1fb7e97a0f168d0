// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the changes. Out: the objects to compile before and after. */
#include <stdlib.h>
#include <string.h>

#include "steps.h"

struct error *step_plan(struct build *build)
{
	for (size_t i = 0; i < build->changes.count; i++) {
		const struct change *change = &build->changes.items[i];
		struct unit *unit;

		if (!ends_with(change->path, ".c"))
			continue;
		unit = array_add(&build->plan);
		if (!unit)
			return error_nomem();
		unit->source = change->path;
		unit->object = text_printf(&build->text, "%.*s.o",
					   (int)strlen(change->path) - 2, change->path);
		unit->touched = true;
		unit->module = "vmlinux";
	}
	if (!build->plan.count)
		return error_create(EXIT_NOTHING, "nothing to do: no C file is touched");
	return NULL;
}
