// SPDX-License-Identifier: GPL-2.0-or-later
/* The patched files in the workspace's tree, and the way back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "edits.h"

static const char *journal_path(struct build *build)
{
	return text_printf(&build->text, "%s/journal", build->workspace.state);
}

/* "edit PATH" is a file that stands in for a link, "made PATH" what was made of patched files. */
static struct error *write_journal(struct build *build, bool edits, const struct list *objects)
{
	const char *journal = journal_path(build);
	auto_text struct text text = { 0 };
	const char *all = "";
	struct error *err;

	/* In this order a directory of the patch is empty when its last file goes. */
	for (size_t i = 0; i < objects->count; i++)
		all = text_printf(&text, "%smade %s\n", all, objects->items[i]);
	for (size_t i = 0; edits && i < build->changes.count; i++)
		if (!build->changes.items[i].inert)
			all = text_printf(&text, "%sedit %s\n", all,
					  build->changes.items[i].path);
	err = text_failed(&text) ?: text_failed(&build->text);
	return err ?: file_write(journal, all, strlen(all), 0666);
}

static struct error *apply_change(struct build *build, const struct change *change)
{
	const char *path = text_printf(&build->text, "%s/%s", build->workspace.tree, change->path);
	struct error *err = text_failed(&build->text);

	if (!err)
		err = make_parents(path);
	if (!err && unlink(path) < 0 && errno != ENOENT)
		err = error_errno(errno, "cannot replace %s", path);
	if (!err && change->patched)
		err = copy_file(change->patched, path);
	return err;
}

struct error *edits_apply(struct build *build, const struct list *objects)
{
	struct error *err = write_journal(build, true, objects);

	for (size_t i = 0; !err && i < build->changes.count; i++)
		if (!build->changes.items[i].inert)
			err = apply_change(build, &build->changes.items[i]);
	return err;
}

struct error *edits_making(struct build *build, const struct list *objects)
{
	return write_journal(build, false, objects);
}

struct error *edits_made(struct build *build)
{
	const char *journal = journal_path(build);

	return unlink(journal) < 0 ? error_errno(errno, "cannot remove %s", journal) : NULL;
}

/* A directory that only a patch has made goes with its last file. */
static void remove_empty_parents(struct build *build, const char *path)
{
	const struct farm_list *list = &build->workspace.farm.list;

	for (;;) {
		const char *slash = strrchr(path, '/');
		const char *full;

		if (!slash)
			return;
		path = text_slice(&build->text, path, (size_t)(slash - path));
		full = text_printf(&build->text, "%s/%s", build->workspace.tree, path);
		if (farm_find(list, path) || rmdir(full) < 0)
			return;
	}
}

static struct error *undo_edit(struct build *build, const char *path)
{
	const struct farm_entry *entry = farm_find(&build->workspace.farm.list, path);
	const char *full = text_printf(&build->text, "%s/%s", build->workspace.tree, path);
	char target[PATH_MAX];
	struct error *err = text_failed(&build->text);

	if (!err && unlink(full) < 0 && errno != ENOENT)
		err = error_errno(errno, "cannot remove %s", full);
	if (err)
		return err;
	if (!entry) {
		remove_empty_parents(build, path);
		return NULL;
	}
	farm_target(entry, target);
	if (symlink(target, full) < 0)
		return error_errno(errno, "cannot create the link %s", full);
	return NULL;
}

/* An object, and what kbuild has kept of its making: else it would be taken to be up to date. */
static struct error *undo_made(struct build *build, const char *path)
{
	const char *slash = strrchr(path, '/');
	int above = slash ? (int)(slash - path) + 1 : 0;
	const char *files[2] = {
		text_printf(&build->text, "%s/%s", build->workspace.tree, path),
		text_printf(&build->text, "%s/%.*s.%s.cmd", build->workspace.tree, above, path,
			    path + above),
	};
	struct error *err = text_failed(&build->text);

	for (size_t i = 0; !err && i < 2; i++)
		if (unlink(files[i]) < 0 && errno != ENOENT)
			err = error_errno(errno, "cannot remove %s", files[i]);
	return err;
}

struct error *edits_undo(struct build *build)
{
	const char *journal = journal_path(build);
	auto_free char *data = NULL;
	char *line, *next = NULL;
	struct error *err;
	size_t size;

	err = text_failed(&build->text);
	if (err || !is_file(journal))
		return err;
	err = file_read(journal, &data, &size);
	if (err)
		return err;
	for (line = strtok_r(data, "\n", &next); !err && line; line = strtok_r(NULL, "\n", &next)) {
		if (starts_with(line, "edit "))
			err = undo_edit(build, line + 5);
		else if (starts_with(line, "made "))
			err = undo_made(build, line + 5);
	}
	if (!err && unlink(journal) < 0)
		err = error_errno(errno, "cannot remove %s", journal);
	return err;
}
