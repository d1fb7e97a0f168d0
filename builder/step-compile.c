// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the plan. Out: each object before and after. */
#include <stdlib.h>
#include <string.h>

#include "edits.h"
#include "steps.h"

static struct error *compile(struct build *build, const char *side)
{
	auto_list struct list targets = { 0 };
	auto_list struct list variables = { 0 };
	struct error *err;

	list_add(&build->text, &variables, "KCFLAGS=" KBUILD_SPLIT);
	for (size_t i = 0; i < build->plan.count; i++)
		list_add(&build->text, &targets, build->plan.items[i].object);
	err = kbuild_make(&build->kbuild, &variables, &targets);
	for (size_t i = 0; !err && i < build->plan.count; i++) {
		struct unit *unit = &build->plan.items[i];
		const char *copy = text_printf(&build->text, "%s/%s-%zu.o", build->workspace.scratch,
					       side, i);

		err = copy_file(text_printf(&build->text, "%s/%s", build->workspace.tree,
					    unit->object),
				copy);
		if (!strcmp(side, "original"))
			unit->original = copy;
		else
			unit->patched = copy;
	}
	return err;
}

struct error *step_compile(struct build *build)
{
	auto_list struct list objects = { 0 };
	struct error *err, *undone;

	for (size_t i = 0; i < build->plan.count; i++)
		list_add(&build->text, &objects, build->plan.items[i].object);
	err = compile(build, "original");
	if (!err)
		err = edits_apply(build, &objects);
	if (!err)
		err = compile(build, "patched");
	undone = edits_undo(build);
	if (err)
		error_destroy(undone);
	return err ?: undone;
}
