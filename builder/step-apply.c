// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the patches and the user's source. Out: the touched files' new contents.
 *
 * The patches are applied by patch(1), to copies of the files that they touch: nothing that a
 * patch says can reach a file elsewhere.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <klpkit/file.h>
#include "run.h"
#include "steps.h"

static struct error *copy_touched(struct build *build, const char *copies)
{
	const struct list *touched = &build->patches.touched;

	for (size_t i = 0; i < touched->count; i++) {
		const char *from = text_printf(&build->text, "%s/%s", build->kernel.source,
					       touched->items[i]);
		const char *to = text_printf(&build->text, "%s/%s", copies, touched->items[i]);
		struct error *err = text_failed(&build->text);

		if (!err)
			err = make_parents(to);
		if (!err && is_directory(from))
			err = error_create(EXIT_ERROR, "%s is a directory", from);
		else if (!err && is_file(from))
			err = copy_file(from, to);
		if (err)
			return err;
	}
	return NULL;
}

/* patch(1)'s output, cut to the hunks that fail and their files. */
static const char *failed_hunks(struct text *text, char *output)
{
	const char *file = NULL, *said = "";
	char *line, *next = NULL;

	for (line = strtok_r(output, "\n", &next); line; line = strtok_r(NULL, "\n", &next)) {
		if (starts_with(line, "checking file "))
			file = line + strlen("checking file ");
		else if (starts_with(line, "patching file "))
			file = line + strlen("patching file ");
		else if (starts_with(line, "Hunk #") && strstr(line, " FAILED"))
			said = text_printf(text, "%s\n  %s: %s", said, file ?: "?", line);
		else if (starts_with(line, "can't find file to patch"))
			said = text_printf(text, "%s\n  a file that it changes is not there", said);
		else if (strstr(line, "already exists"))
			said = text_printf(text, "%s\n  %s", said, line);
		else if (starts_with(line, "patch: ****"))
			said = text_printf(text, "%s\n  %s", said, line + strlen("patch: "));
		else if (starts_with(line, "Reversed (or previously applied)"))
			said = text_printf(text, "%s\n  %s: it looks as if it were applied already",
					   said, file ?: "?");
	}
	return said;
}

static struct error *run_patch(struct build *build, const char *copies, const char *path,
			       bool dry_run)
{
	const char *argv[] = { "patch",
			       "-p1",
			       "--batch",
			       "--forward",
			       "--fuzz=2",
			       "--no-backup-if-mismatch",
			       "--reject-file=-",
			       "-i",
			       path,
			       dry_run ? "--dry-run" : NULL,
			       NULL };
	const char *const environment[] = { "LC_ALL=C", "POSIXLY_CORRECT", "PATCH_GET", NULL };
	struct run_options options = { .cwd = copies, .env = environment };
	auto_free char *output = NULL;
	struct error *err;
	int status;

	err = run_status((char *const *)argv, &options, &status, &output);
	if (err || !status)
		return err;
	return error_create(EXIT_ERROR, "%s does not apply to %s:%s", path, build->kernel.source,
			    failed_hunks(&build->text, output));
}

static struct error *missing_files(struct build *build, const struct patch *patch,
				   const char *copies)
{
	for (size_t i = 0; i < patch->file.count; i++) {
		const struct patch_entry *entry = &patch->file.items[i];
		bool there = is_file(text_printf(&build->text, "%s/%s", copies, entry->path));

		if (entry->touch != PATCH_NEW && !there)
			return error_create(EXIT_ERROR, "%s does not apply: %s has no file %s",
					    patch->path, build->kernel.source, entry->path);
		if (entry->touch == PATCH_NEW && there && entry->hunks)
			return error_create(EXIT_ERROR,
					    "%s does not apply: it makes %s, which %s has already",
					    patch->path, entry->path, build->kernel.source);
	}
	return text_failed(&build->text);
}

static struct error *apply_patch(struct build *build, const struct patch *patch,
				 const char *copies)
{
	char *path = realpath(patch->path, NULL);
	struct error *err;

	if (!path)
		return error_errno(errno, "cannot resolve %s", patch->path);
	err = missing_files(build, patch, copies);
	if (!err)
		err = run_patch(build, copies, path, true);
	if (!err)
		err = run_patch(build, copies, path, false);
	free(path);
	return err;
}

static bool is_makefile(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return starts_with(name, "Makefile") || starts_with(name, "Kbuild");
}

static const char *why_inert(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (starts_with(path, "tools/") || starts_with(path, "Documentation/") ||
	    starts_with(path, "scripts/"))
		return "not a part of the kernel";
	if (starts_with(path, "arch/") && !starts_with(path, "arch/x86/"))
		return "of another architecture";
	if (starts_with(slash ? slash + 1 : path, "Kconfig"))
		return "the configuration stays that of the running kernel";
	return NULL;
}

/* Records the change of one file, if the patches together change it. */
static struct error *add_change(struct build *build, const char *copies, const char *path)
{
	const char *old_path = text_printf(&build->text, "%s/%s", build->kernel.source, path);
	const char *new_path = text_printf(&build->text, "%s/%s", copies, path);
	auto_free char *old_data = NULL, *new_data = NULL;
	size_t old_size = 0, new_size = 0;
	struct error *err = NULL;
	struct change *change;

	if (is_file(old_path))
		err = file_read(old_path, &old_data, &old_size);
	if (!err && is_file(new_path))
		err = file_read(new_path, &new_data, &new_size);
	if (err)
		return err;
	if (old_data && new_data && old_size == new_size && !memcmp(old_data, new_data, old_size))
		return NULL;
	if (!old_data && !new_data)
		return NULL;
	change = array_add(&build->changes);
	if (!change)
		return error_nomem();
	change->path = path;
	change->touch = !old_data ? PATCH_NEW : !new_data ? PATCH_DELETED : PATCH_EDITED;
	change->patched = new_data ? new_path : NULL;
	change->inert = why_inert(path);
	build->changes.makefiles |= !change->inert && is_makefile(path);
	return NULL;
}

struct error *step_apply(struct build *build)
{
	const char *copies = text_printf(&build->text, "%s/patched", build->workspace.scratch);
	struct error *err;

	err = text_failed(&build->text) ?: make_directories(copies);
	if (!err)
		err = copy_touched(build, copies);
	for (size_t i = 0; !err && i < build->patches.count; i++)
		err = apply_patch(build, &build->patches.items[i], copies);
	for (size_t i = 0; !err && i < build->patches.touched.count; i++)
		err = add_change(build, copies, build->patches.touched.items[i]);
	if (!err && !build->changes.count)
		err = error_create(EXIT_NOTHING, "nothing to do: the patches change no file");
	return err;
}
