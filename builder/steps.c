// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of a build, in the order in which they run; and what is released after them. */
#include <stdio.h>
#include <stdlib.h>

#include "build.h"
#include "keep.h"
#include "parents.h"
#include "report.h"
#include "steps.h"
#include "workspace.h"

static const struct step {
	const char *name;
	struct error *(*run)(struct build *build);
} steps[] = {
	{ "read patches", step_patches },
	{ "find the kernel", step_locate },
	{ "check", step_check },
	{ "take a workspace", step_workspace },
	{ "apply patches", step_apply },
	{ "lay out the source", step_tree },
	{ "prepare the kernel", step_prepare },
	{ "plan", step_plan },
	{ "compile", step_compile },
	{ "match the originals", step_match },
	{ "compare", step_diff },
	{ "choose the model", step_model },
	{ "link", step_link },
	{ "finish", step_finish },
	{ "prove", step_prove },
	{ "sign", step_sign },
	{ "write", step_output },
};

static struct error *run_steps(struct build *build)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct step_time *time = &build->times[build->time_count++];
		struct error *err;

		build->detail = NULL;
		progress_step(build->progress, steps[i].name);
		err = steps[i].run(build);
		err = err ?: text_failed(&build->text);
		if (err)
			return err;
		time->name = steps[i].name;
		time->seconds = progress_done(build->progress, build->detail);
	}
	return NULL;
}

struct error *build_input(struct build *build, const char *role, const char *path)
{
	struct {
		struct build_input *items;
		size_t count, room;
	} inputs = { build->inputs, build->input_count, build->input_room };
	struct build_input *input = array_add(&inputs);

	if (!input)
		return error_nomem();
	build->inputs = inputs.items;
	build->input_count = inputs.count;
	build->input_room = inputs.room;
	input->role = role;
	input->path = path;
	return sha256_file(path, input->sha256);
}

static void release_patches(struct build_patches *patches)
{
	for (size_t i = 0; i < patches->count; i++) {
		patch_file_destroy(&patches->items[i].file);
		free(patches->items[i].data);
	}
	free(patches->items);
	list_destroy(&patches->touched);
}

static void release_diff(struct build_diff *diff)
{
	for (size_t i = 0; i < diff->count; i++)
		diff_result_destroy(diff->items[i].result);
	free(diff->items);
}

static void build_release(struct build *build)
{
	workspace_release(build);
	kbuild_unload(&build->kbuild);
	release_diff(&build->diff);
	proof_destroy(build->proof.proof);
	free(build->proof.units);
	parents_release(&build->parents);
	symvers_destroy(build->kernel.exports);
	symtab_destroy(build->kernel.symbols);
	image_destroy(build->kernel.vmlinux);
	free(build->kernel.config_data);
	release_patches(&build->patches);
	free(build->changes.items);
	free(build->plan.items);
	list_destroy(&build->plan.left_out);
	list_destroy(&build->plan.refused);
	owners_destroy(&build->plan.owners);
	owners_destroy(&build->plan.patched);
	free(build->inputs);
	progress_destroy(build->progress);
	text_destroy(&build->text);
}

struct error *build_run(const struct options *options, FILE *messages)
{
	struct build build = { .options = options, .workspace.lock = -1 };
	struct error *err, *kept;

	err = progress_create(messages, &build.progress);
	if (!err)
		err = run_steps(&build);
	kept = keep_objects(&build);
	if (err)
		error_destroy(kept);
	err = report_result(&build, err ?: kept);
	build_release(&build);
	return err;
}
