// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the differ's objects. Out: they and the glue as one module, not finished yet. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "steps.h"

static int by_name(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

/* Some module of the kernel's, to compare layouts with: the first in the order of names. */
static const char *stock_module(struct text *text, const char *dir)
{
	struct dirent **entries;
	const char *found = NULL;
	int count = scandir(dir, &entries, NULL, by_name);

	for (int i = 0; i < count; i++) {
		const char *path = text_printf(text, "%s/%s", dir, entries[i]->d_name);

		if (!found && entries[i]->d_name[0] != '.') {
			if (is_directory(path))
				found = stock_module(text, path);
			else if (strstr(entries[i]->d_name, ".ko"))
				found = path;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

/* vmlinux's and that of each module that has a part; without one there is nothing to compare. */
static struct error *collect_build_ids(struct build *build, struct link_build_id *ids)
{
	ids[0].object = "vmlinux";
	ids[0].id = image_build_id(build->kernel.vmlinux, &ids[0].size);
	for (size_t i = 0; i < build->parents.count; i++) {
		const struct parent *parent = &build->parents.items[i];

		ids[i + 1].object = parent->module;
		ids[i + 1].id = image_build_id(parent->image, &ids[i + 1].size);
	}
	for (size_t i = 0; i <= build->parents.count; i++)
		if (!ids[i].id)
			return error_create(
				EXIT_ERROR,
				"%s has no build-id, so that the patch could not tell it "
				"from another build of it",
				ids[i].object);
	return NULL;
}

static struct error *link_parts(struct build *build, struct link_input *input,
				struct link_object *objects, struct link_build_id *ids)
{
	const char *kernel = build->kernel.modules ?
				     text_printf(&build->text, "%s/kernel", build->kernel.modules) :
				     NULL;
	auto_free char *linked = NULL;
	struct error *err = collect_build_ids(build, ids);

	for (size_t i = 0; i < build->diff.count; i++) {
		const struct diff_result *result = build->diff.items[i].result;
		struct link_object *object = &objects[input->object_count];

		if (diff_outcome(result) != DIFF_CHANGED)
			continue;
		object->data = diff_object(result, &object->size);
		input->object_count++;
	}
	input->stock_module = kernel ? stock_module(&build->text, kernel) : NULL;
	err = err ?: text_failed(&build->text);
	err = err ?: link_module(input, &linked);
	if (!err)
		build->output.linked = text_copy(&build->text, linked);
	return err;
}

/* "fix.patch SHA256, ...", on the source's version */
static const char *built_from(struct build *build)
{
	const char *all = "";

	for (size_t i = 0; i < build->input_count; i++) {
		const struct build_input *input = &build->inputs[i];
		const char *slash = strrchr(input->path, '/');

		if (!strcmp(input->role, "patch"))
			all = text_printf(&build->text, "%s%s%s sha256:%s", all, *all ? ", " : "",
					  slash ? slash + 1 : input->path, input->sha256);
	}
	return all;
}

struct error *step_link(struct build *build)
{
	struct link_object *objects = calloc(build->diff.count + 1, sizeof(*objects));
	struct link_build_id *ids = calloc(build->parents.count + 1, sizeof(*ids));
	struct link_input input = {
		.kbuild = &build->kbuild,
		.work_dir = build->workspace.scratch,
		.name = build->output.name,
		.objects = objects,
		.build_ids = ids,
		.build_id_count = build->parents.count + 1,
		.model = build->options->loader ? build->options->model : NULL,
		.needs = build->model.needs,
		.built_from = built_from(build),
		.at_once = build->options->at_once,
		.replace = !build->options->no_replace,
		.replaced = &build->options->replaced,
		.immediate = &build->options->immediate,
		.states = &build->options->states,
		.release = build->kernel.release,
		.log = build->workspace.log,
		.glue_cache = text_printf(&build->text, "%s/glue", build->workspace.state),
	};
	struct error *err;

	err = objects && ids ? link_parts(build, &input, objects, ids) : error_nomem();
	free(objects);
	free(ids);
	build->detail = build->output.name;
	return err;
}
