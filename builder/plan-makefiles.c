// SPDX-License-Identifier: GPL-2.0-or-later
/* In: patched makefiles and new sources. Out: the objects that are built only with the patch. */
#include <stdio.h>
#include <string.h>

#include "edits.h"
#include "plan.h"

static void refuse(struct build *build, const char *path, const char *why)
{
	list_add(&build->text, &build->plan.refused,
		 text_printf(&build->text, "%s: %s", path, why));
}

static bool is_makefile(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return !strcmp(name, "Makefile") || !strcmp(name, "Kbuild");
}

static const char *directory_of(struct build *build, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? text_slice(&build->text, path, (size_t)(slash - path)) : ".";
}

static bool has_object(const struct owner_dir *dir, const char *object)
{
	return list_has(&dir->real_y, object) || list_has(&dir->real_m, object) ||
	       list_has(&dir->lib, object);
}

/* Objects of the old list that the new directory does not have. */
static void refuse_removed(struct build *build, const char *makefile, const struct list *old,
			   const struct owner_dir *new)
{
	for (size_t i = 0; i < old->count; i++)
		if (ends_with(old->items[i], ".o") && !has_object(new, old->items[i]))
			refuse(build, makefile,
			       text_printf(
				       &build->text,
				       "%s is built no more with it: what runs already cannot be "
				       "taken out; leave the makefile as it is",
				       old->items[i]));
}

/* An object that only the new directory has; its source may have been there before. */
static struct error *plan_added(struct build *build, const struct list *new,
				const struct owner_dir *old)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < new->count; i++) {
		const char *object = new->items[i];
		struct owner after;
		const char *source;

		if (!ends_with(object, ".o") || (old && has_object(old, object)))
			continue;
		source = text_printf(&build->text, "%.*s.c", (int)strlen(object) - 2, object);
		if (plan_has(build, source))
			continue;
		err = owners_find(&build->plan.patched, object, &after);
		if (!err && after.dir)
			err = plan_add(build, source, NULL, &after, true);
	}
	return err;
}

static struct error *compare_directory(struct build *build, const char *makefile)
{
	const char *path = directory_of(build, makefile);
	const struct owner_dir *old, *new;
	struct error *err;

	err = owners_directory(&build->plan.owners, path, &old); /* asked before */
	if (!err)
		err = owners_directory(&build->plan.patched, path, &new);
	if (err || !new) {
		if (!err && !old)
			list_add(&build->text, &build->plan.left_out,
				 text_printf(&build->text, "%s: not read with this configuration",
					     makefile));
		else if (!err)
			refuse(build, makefile, "with it, kbuild leaves the directory out");
		return err;
	}
	if (old && (strcmp(old->own_flags, new->own_flags) || strcmp(old->cflags, new->cflags) ||
		    strcmp(old->aflags, new->aflags)))
		refuse(build, makefile,
		       "it changes how other objects are compiled; a live patch carries functions, "
		       "so change the sources instead");
	if (old) {
		refuse_removed(build, makefile, &old->real_y, new);
		refuse_removed(build, makefile, &old->real_m, new);
		refuse_removed(build, makefile, &old->lib, new);
	}
	err = plan_added(build, &new->real_y, old);
	if (!err)
		err = plan_added(build, &new->real_m, old);
	return err ?: plan_added(build, &new->lib, old);
}

/* Of the makefiles as they are; kbuild is asked once, so this is before the patch is applied. */
static struct error *ask_before(struct build *build)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < build->changes.count; i++) {
		const char *path = build->changes.items[i].path;
		const struct owner_dir *dir;

		if (is_makefile(path))
			err = owners_directory(&build->plan.owners, directory_of(build, path),
					       &dir);
	}
	return err;
}

static struct error *plan_with_patch(struct build *build)
{
	struct error *err;

	err = owners_create(&build->kbuild, build->workspace.state, &build->plan.patched);
	for (size_t i = 0; !err && i < build->changes.count; i++)
		if (is_makefile(build->changes.items[i].path))
			err = compare_directory(build, build->changes.items[i].path);
	return err;
}

/* A new source that no makefile names is not built. */
static void tell_unbuilt(struct build *build)
{
	for (size_t i = 0; i < build->changes.count; i++) {
		const struct change *change = &build->changes.items[i];

		if (change->touch == PATCH_NEW && ends_with(change->path, ".c") &&
		    !plan_has(build, change->path))
			list_add(&build->text, &build->plan.left_out,
				 text_printf(&build->text,
					     "%s: new, and no makefile builds it with "
					     "this configuration",
					     change->path));
	}
}

struct error *plan_makefiles(struct build *build)
{
	const struct list none = { 0 };
	struct error *err = NULL, *undone;

	if (build->changes.makefiles) {
		err = ask_before(build);
		if (!err)
			err = edits_apply(build, &none);
		if (!err)
			err = plan_with_patch(build);
		undone = edits_undo(build);
		if (err)
			error_destroy(undone);
		err = err ?: undone;
	}
	if (!err)
		tell_unbuilt(build);
	return err ?: text_failed(&build->text);
}
