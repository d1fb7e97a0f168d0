// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the changed files. Out: the objects to compile before and after, and what is not looked
 * at, with the reason.
 */
#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "steps.h"

static void leave_out(struct build *build, const char *path, const char *why)
{
	list_add(&build->text, &build->plan.left_out,
		 text_printf(&build->text, "%s: %s", path, why));
}

static void refuse(struct build *build, const char *path, const char *why)
{
	list_add(&build->text, &build->plan.refused,
		 text_printf(&build->text, "%s: %s", path, why));
}

/* A source may be an object, a part of others ("#include "rt.c""), or both. */
static struct error *plan_source(struct build *build, const struct change *change,
				 struct list *included)
{
	struct owner owner;
	struct error *err;

	if (change->touch == PATCH_NEW) {
		list_add(&build->text, included, change->path);
		return NULL; /* plan_makefiles() finds out who builds it */
	}
	err = owners_find(&build->plan.owners, plan_object(build, change->path), &owner);
	if (err)
		return err;
	if (owner.dir && change->touch == PATCH_DELETED) {
		refuse(build, change->path,
		       "it is removed, and what runs already cannot be taken out; leave it");
		return NULL;
	}
	list_add(&build->text, included, change->path);
	return owner.dir ? plan_add(build, change->path, &owner, NULL, true) : NULL;
}

static struct error *plan_assembly(struct build *build, const struct change *change)
{
	struct owner owner;
	struct error *err;

	err = owners_find(&build->plan.owners, plan_object(build, change->path), &owner);
	if (err)
		return err;
	if (owner.dir)
		refuse(build, change->path, "assembly has no functions that ftrace could redirect; "
					    "fix the C code that calls it");
	else
		leave_out(build, change->path, "not built with this configuration");
	return NULL;
}

static bool is_makefile(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return starts_with(name, "Makefile") || starts_with(name, "Kbuild");
}

static struct error *plan_change(struct build *build, const struct change *change,
				 struct list *included)
{
	const char *path = change->path;

	if (change->inert)
		leave_out(build, path, change->inert);
	else if (ends_with(path, ".c"))
		return plan_source(build, change, included);
	else if (ends_with(path, ".S"))
		return plan_assembly(build, change);
	else if (!is_makefile(path))
		list_add(&build->text, included, path);
	return NULL;
}

/* An included file that no planned object sees. */
static void tell_unseen(struct build *build, const struct list *included, size_t before)
{
	for (size_t i = 0; i < included->count; i++) {
		const char *path = included->items[i];

		if (plan_has(build, path) || build->plan.count > before)
			continue;
		if (!farm_find(&build->workspace.farm.list, path))
			continue; /* new: told elsewhere */
		leave_out(build, path,
			  ends_with(path, ".c") ? "not built with this configuration" :
						  "nothing that is built sees the change");
	}
}

/* The user's wish, which the report has to have. */
static void tell_not_followed(struct build *build, const struct list *included)
{
	for (size_t i = 0; i < included->count; i++)
		if (!ends_with(included->items[i], ".c"))
			leave_out(build, included->items[i],
				  "other objects that see the change keep the old one "
				  "(--touched-only)");
}

/* A source that another one includes is touched, and nothing else compiles it; a header is not followed then. */
static struct error *plan_included(struct build *build, const struct list *included)
{
	auto_list struct list sources = { 0 };

	if (!build->options->touched_only)
		return included->count ? plan_headers(build, included) : NULL;
	for (size_t i = 0; i < included->count; i++)
		if (ends_with(included->items[i], ".c"))
			list_add(&build->text, &sources, included->items[i]);
	return sources.count ? plan_headers(build, &sources) : NULL;
}

static struct error *plan_verdict(struct build *build)
{
	const struct build_plan *plan = &build->plan;

	if (plan->refused.count)
		return error_create(EXIT_REFUSED, "refused: the patch changes what cannot be live "
						  "patched, as told above");
	if (plan->count)
		return NULL;
	return error_create(EXIT_NOTHING, "nothing to do: nothing of what is touched is built with "
					  "this configuration%s",
			    plan->left_out.count ? ", as told above" : "");
}

static const char *describe(struct build *build)
{
	const struct build_plan *plan = &build->plan;

	if (!plan->reached)
		return text_printf(&build->text, "%zu object%s", plan->count,
				   plan->count == 1 ? "" : "s");
	return text_printf(&build->text,
			   "%zu object%s; headers: %zu sources, %zu built, %zu differ", plan->count,
			   plan->count == 1 ? "" : "s", plan->reached, plan->built, plan->kept);
}

struct error *step_plan(struct build *build)
{
	auto_list struct list included = { 0 };
	struct error *err;
	size_t direct;

	err = owners_create(&build->kbuild, build->workspace.state, &build->plan.owners);
	for (size_t i = 0; !err && i < build->changes.count; i++)
		err = plan_change(build, &build->changes.items[i], &included);
	if (!err)
		err = plan_makefiles(build);
	direct = build->plan.count;
	if (!err)
		err = plan_included(build, &included);
	if (err)
		return err;
	if (build->options->touched_only)
		tell_not_followed(build, &included);
	else
		tell_unseen(build, &included, direct);
	build->detail = describe(build);
	err = text_failed(&build->text);
	return err ?: plan_verdict(build);
}
