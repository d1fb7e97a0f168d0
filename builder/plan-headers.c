// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: changed files that others include. Out: the objects that see the change.
 *
 * 1. The sources that include one of them, directly or not, by their text.
 * 2. Of these, what this configuration builds.
 * 3. Each is preprocessed before and after: the same tokens make the same object.
 *
 * The rest, and what cannot be preprocessed by itself, is compiled; what the differ finds unchanged
 * then is dropped.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "edits.h"
#include "includes.h"
#include "kbuild-jobs.h"
#include "plan.h"

struct candidate {
	const char *source, *output;
	struct owner owner;
	uint64_t before, after;
	bool unknown; /* it needs something that only the compile makes */
};

struct candidates {
	struct candidate *items;
	size_t count, room;
};

static struct error *find_built(struct build *build, const struct list *sources,
				struct candidates *candidates)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < sources->count; i++) {
		const char *source = sources->items[i];
		struct candidate *candidate;
		struct owner owner;

		progress_count(build->progress, i, sources->count, "including sources");
		if (plan_has(build, source))
			continue;
		err = owners_find(&build->plan.owners, plan_object(build, source), &owner);
		if (err || !owner.dir)
			continue;
		candidate = array_add(candidates);
		if (!candidate)
			return error_nomem();
		candidate->source = source;
		candidate->output =
			text_printf(&build->text, "%.*s.i", (int)strlen(source) - 2, source);
		candidate->owner = owner;
	}
	return err ?: text_failed(&build->text);
}

static struct error *preprocess(struct build *build, struct candidates *candidates, bool after)
{
	struct kbuild_jobs jobs = { .keep_going = true };
	struct error *err;

	for (size_t i = 0; i < candidates->count; i++)
		kbuild_jobs_add(&build->text, &jobs, candidates->items[i].owner.dir,
				candidates->items[i].output);
	err = text_failed(&build->text);
	if (!err)
		err = kbuild_jobs_run(&build->kbuild, &jobs, build->progress,
				      after ? "preprocessed, patched" : "preprocessed");
	kbuild_jobs_destroy(&jobs);
	for (size_t i = 0; !err && i < candidates->count; i++) {
		struct candidate *candidate = &candidates->items[i];
		const char *path = text_printf(&build->text, "%s/%s", build->workspace.tree,
					       candidate->output);

		if (!is_file(path)) {
			candidate->unknown = true;
			continue;
		}
		err = plan_tokens(path, after ? &candidate->after : &candidate->before);
		unlink(path);
	}
	return err;
}

/* The journal has the outputs of both sides. */
static struct error *preprocess_both(struct build *build, struct candidates *candidates)
{
	auto_list struct list outputs = { 0 };
	struct error *err, *undone;

	for (size_t i = 0; i < candidates->count; i++)
		list_add(&build->text, &outputs, candidates->items[i].output);
	err = text_failed(&build->text);
	if (!err)
		err = edits_making(build, &outputs);
	if (!err)
		err = preprocess(build, candidates, false);
	if (!err)
		err = edits_apply(build, &outputs);
	if (!err)
		err = preprocess(build, candidates, true);
	undone = edits_undo(build);
	if (err)
		error_destroy(undone);
	return err ?: undone;
}

static struct error *plan_kept(struct build *build, const struct candidates *candidates)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < candidates->count; i++) {
		const struct candidate *candidate = &candidates->items[i];

		if (!candidate->unknown && candidate->before == candidate->after)
			continue;
		build->plan.kept++;
		err = plan_add(build, candidate->source, &candidate->owner, NULL, false);
	}
	return err;
}

struct error *plan_headers(struct build *build, const struct list *headers)
{
	const char *index = text_printf(&build->text, "%s/includes", build->workspace.state);
	auto_list struct list sources = { 0 };
	struct candidates candidates = { 0 };
	struct error *err = text_failed(&build->text);

	if (!err)
		err = includes_reach(index, &build->workspace.farm.list, headers, &build->text,
				     &sources);
	if (!err)
		err = find_built(build, &sources, &candidates);
	build->plan.reached += sources.count;
	build->plan.built += candidates.count;
	build->plan.preprocessed += candidates.count;
	if (!err && candidates.count)
		err = preprocess_both(build, &candidates);
	if (!err)
		err = plan_kept(build, &candidates);
	free(candidates.items);
	return err;
}
