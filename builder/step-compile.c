// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the planned objects. Out: each of them, before and after the patch.
 *
 * 1. The originals are made where they belong; kbuild leaves alone those that an earlier build
 *    has made of the same sources.
 * 2. They step aside, and the patched files into the tree.
 * 3. The same targets are made again, at the same paths with the same flags.
 * 4. All that is patched leaves the tree, and the originals come back for the next build.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "author-headers.h"
#include "edits.h"
#include "kbuild-jobs.h"
#include "run.h"
#include "steps.h"

enum side {
	BEFORE,
	AFTER,
};

static const char *in_tree(struct build *build, const char *path)
{
	return text_printf(&build->text, "%s/%s", build->workspace.tree, path);
}

/* ".NAME.o.cmd" beside the object. */
static const char *command_file(struct build *build, const char *path)
{
	const char *slash = strrchr(path, '/');
	int above = slash ? (int)(slash - path) + 1 : 0;

	return text_printf(&build->text, "%s/%.*s.%s.cmd", build->workspace.tree, above, path,
			   path + above);
}

static struct error *move(const char *from, const char *to)
{
	return rename(from, to) < 0 ? error_errno(errno, "cannot move %s to %s", from, to) : NULL;
}

static struct error *compile(struct build *build, enum side side)
{
	struct kbuild_jobs jobs = { 0 };
	struct error *err;

	for (size_t i = 0; i < build->plan.count; i++) {
		const struct unit *unit = &build->plan.items[i];

		if (side == AFTER || !unit->is_new)
			kbuild_jobs_add(&build->text, &jobs,
					side == BEFORE ? unit->before : unit->after, unit->object);
	}
	err = text_failed(&build->text);
	if (!err)
		err = kbuild_jobs_run(&build->kbuild, &jobs, build->progress,
				      side == BEFORE ? "originals" : "patched");
	kbuild_jobs_destroy(&jobs);
	return error_prefix(err, side == BEFORE ? "the source does not compile as it is" :
						  "the patched source does not compile");
}

static const char *aside(struct build *build, size_t unit, const char *what)
{
	return text_printf(&build->text, "%s/%s-%zu", build->workspace.scratch, what, unit);
}

static struct error *originals_step_aside(struct build *build)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		struct unit *unit = &build->plan.items[i];

		if (unit->is_new)
			continue;
		unit->original = aside(build, i, "original.o");
		err = move(in_tree(build, unit->object), unit->original);
		unit->command = aside(build, i, "original.cmd");
		if (!err)
			err = move(command_file(build, unit->object), unit->command);
	}
	return err;
}

static struct error *originals_come_back(struct build *build)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		struct unit *unit = &build->plan.items[i];
		const char *place = in_tree(build, unit->object);

		if (unit->is_new)
			continue;
		err = move(unit->original, place);
		if (!err)
			err = move(unit->command, command_file(build, unit->object));
		unit->original = place;
		unit->command = command_file(build, unit->object);
	}
	return err;
}

static struct error *take_patched(struct build *build)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		struct unit *unit = &build->plan.items[i];

		unit->patched = aside(build, i, "patched.o");
		err = move(in_tree(build, unit->object), unit->patched);
	}
	return err;
}

static struct error *compile_originals(struct build *build, const struct list *objects)
{
	struct error *err, *undone;

	err = edits_making(build, objects);
	if (!err)
		err = compile(build, BEFORE);
	if (!err)
		return edits_made(build);
	undone = edits_undo(build);
	error_destroy(undone);
	return err;
}

static struct error *compile_patched(struct build *build, const struct list *objects)
{
	struct error *err, *undone;

	err = edits_apply(build, objects);
	if (!err)
		err = originals_step_aside(build);
	if (!err)
		err = compile(build, AFTER);
	if (!err)
		err = take_patched(build);
	undone = edits_undo(build);
	if (err) {
		error_destroy(undone);
		return err;
	}
	return undone ?: originals_come_back(build);
}

/* What a new object is compared with: an object with nothing in it. */
static struct error *make_empty_originals(struct build *build)
{
	const char *path = aside(build, 0, "empty.o");
	const char *argv[] = { build->tools.gcc, "-c", "-x", "c", "/dev/null", "-o", path, NULL };
	struct run_options options = { .env = kbuild_environment(), .log = build->workspace.log };
	struct error *err = NULL;
	bool made = false;

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		if (!build->plan.items[i].is_new)
			continue;
		if (!made)
			err = run_command((char *const *)argv, &options);
		made = true;
		build->plan.items[i].original = path;
	}
	return err;
}

struct error *step_compile(struct build *build)
{
	auto_list struct list objects = { 0 };
	struct error *err;

	for (size_t i = 0; i < build->plan.count; i++)
		list_add(&build->text, &objects, build->plan.items[i].object);
	err = text_failed(&build->text);
	if (!err)
		err = author_headers_put(text_printf(&build->text, "%s/include", build->workspace.state));
	if (!err)
		err = compile_originals(build, &objects);
	if (!err)
		err = make_empty_originals(build);
	if (!err)
		err = compile_patched(build, &objects);
	build->detail = text_printf(&build->text, "%zu object%s, before and after",
				    build->plan.count, build->plan.count == 1 ? "" : "s");
	return err;
}
