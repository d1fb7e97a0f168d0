// SPDX-License-Identifier: GPL-2.0-or-later
/* The planned objects, and the modules that they belong to. */
#include <stdio.h>
#include <string.h>

#include "plan.h"

const char *plan_object(struct build *build, const char *source)
{
	return text_printf(&build->text, "%.*s.o", (int)strlen(source) - 2, source);
}

bool plan_has(const struct build *build, const char *source)
{
	for (size_t i = 0; i < build->plan.count; i++)
		if (!strcmp(build->plan.items[i].source, source))
			return true;
	return false;
}

/* "drivers/net/dummy-x" is the module dummy_x. */
static const char *module_name(struct text *text, const char *modfile)
{
	const char *slash = strrchr(modfile, '/');
	char *name = (char *)text_copy(text, slash ? slash + 1 : modfile);

	for (char *at = name; *at; at++)
		if (*at == '-')
			*at = '_';
	return name;
}

struct error *plan_add(struct build *build, const char *source, const struct owner *before,
		       const struct owner *after, bool touched)
{
	const struct owner *owner = before && before->dir ? before : after;
	struct unit *unit;

	if (owner->shared) {
		list_add(&build->text, &build->plan.refused,
			 text_printf(&build->text, "%s: it is linked into several modules, and a "
						   "function of it into each of them",
				     source));
		return text_failed(&build->text);
	}
	unit = array_add(&build->plan);
	if (!unit)
		return error_nomem();
	unit->source = text_copy(&build->text, source);
	unit->object = plan_object(build, source);
	unit->modfile = owner->module;
	unit->module = owner->module ? module_name(&build->text, owner->module) : "vmlinux";
	unit->touched = touched;
	unit->before = before ? before->dir : NULL;
	unit->after = after && after->dir ? after->dir : unit->before;
	unit->is_new = !unit->before;
	return text_failed(&build->text);
}
