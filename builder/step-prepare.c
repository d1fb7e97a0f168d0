// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the workspace's tree. Out: it is configured and prepared as the target kernel was. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "config.h"
#include "includes.h"
#include "steps.h"

static struct error *write_text(struct build *build, const char *name, const char *data)
{
	const char *path = text_printf(&build->text, "%s/%s", build->workspace.tree, name);
	struct error *err = text_failed(&build->text);

	if (!err)
		err = make_parents(path);
	return err ?: file_write(path, data, strlen(data), 0666);
}

static struct error *make_target(struct build *build, const char *target)
{
	progress_count(build->progress, 0, 0, target);
	return kbuild_make(&build->kbuild, target);
}

/*
 * kbuild derives these from the source's version; a module's version magic is made of the second.
 * KERNELRELEASE on make's command line keeps it, kernel.release is read by nothing else of ours.
 */
static struct error *write_release(struct build *build)
{
	const char *release = build->kernel.release;
	struct error *err;

	err = write_text(build, "include/config/kernel.release",
			 text_printf(&build->text, "%s\n", release));
	return err   ?:
		       write_text(
			       build, "include/generated/utsrelease.h",
			       text_printf(&build->text, "#define UTS_RELEASE \"%s\"\n", release));
}

/*
 * Debian's source prints its package's version in warnings (kernel/hung_task.c, lib/dump_stack.c), which
 * its own builds are told (DISTRIBUTION_VERSION in the top makefile).
 */
static struct error *write_package(struct build *build)
{
	static const char header[] = "include/generated/package.h";
	const char *version = build->kernel.built_as;
	const char *path = text_printf(&build->text, "%s/%s", build->workspace.tree, header);
	struct error *err = text_failed(&build->text);

	if (err || !version || !is_file(path))
		return err;
	return write_text(build, header,
			  text_printf(&build->text, "#define LINUX_PACKAGE_ID \" Debian %s\"\n",
				      version));
}

/* The index is made while make, which is mostly one process here, prepares the tree. */
struct indexing {
	struct build *build;
	const char *index;
	pthread_t thread;
	bool started;
	struct error *err;
};

static void *index_includes(void *data)
{
	struct indexing *indexing = data;
	const struct build_workspace *workspace = &indexing->build->workspace;

	indexing->err = includes_index(workspace->tree, &workspace->farm.list, indexing->index);
	return NULL;
}

static void start_indexing(struct build *build, struct indexing *indexing)
{
	indexing->build = build;
	indexing->index = text_printf(&build->text, "%s/includes", build->workspace.state);
	indexing->started = !pthread_create(&indexing->thread, NULL, index_includes, indexing);
}

static struct error *end_indexing(struct indexing *indexing)
{
	if (indexing->started)
		pthread_join(indexing->thread, NULL);
	else
		index_includes(indexing);
	return indexing->err;
}

static struct error *prepare(struct build *build)
{
	const char *config = config_without_keys(&build->text, build->kernel.config_data);
	const char *symvers = text_printf(&build->text, "%s/Module.symvers", build->workspace.tree);
	struct error *err;

	err = write_text(build, ".config", config);
	if (!err)
		err = make_target(build, "olddefconfig");
	if (!err)
		err = make_target(build, "modules_prepare");
	if (!err)
		err = write_release(build);
	if (!err)
		err = write_package(build);
	if (!err && unlink(symvers) < 0 && errno != ENOENT)
		err = error_errno(errno, "cannot remove %s", symvers);
	if (!err)
		err = copy_file(build->kernel.symvers, symvers);
	return err ?: kbuild_record(&build->kbuild);
}

struct error *step_prepare(struct build *build)
{
	const char *preparing = text_printf(&build->text, "%s/preparing", build->workspace.state);
	const char *stamp = text_printf(&build->text, "%s/prepared", build->workspace.state);
	char symvers[SHA256_TEXT];
	auto_free char *known = NULL;
	struct indexing indexing = { 0 };
	struct error *err, *indexed;
	size_t size;

	build->kbuild = (struct kbuild){
		.tree = build->workspace.tree,
		.state = build->workspace.state,
		.gcc = build->tools.gcc,
		.release = build->kernel.release,
		.log = build->workspace.log,
		.jobs = build->options->jobs,
	};
	err = text_failed(&build->text);
	if (!err)
		err = sha256_file(build->kernel.symvers, symvers);
	if (!err && is_file(stamp))
		err = file_read(stamp, &known, &size);
	if (err)
		return err;
	build->workspace.prepared =
		known && !strcmp(known, symvers) && kbuild_is_recorded(&build->kbuild);
	build->detail = build->workspace.prepared ? "done before" : NULL;
	if (build->workspace.prepared)
		return kbuild_load(&build->kbuild);
	if (unlink(stamp) < 0 && errno != ENOENT)
		return error_errno(errno, "cannot remove %s", stamp);
	err = text_failed(&build->text);
	if (err)
		return err;
	build->workspace.incomplete = true;
	err = file_write(preparing, "", 0, 0666);
	if (err)
		return err;
	start_indexing(build, &indexing);
	err = prepare(build);
	indexed = end_indexing(&indexing);
	if (err)
		error_destroy(indexed);
	err = err ?: indexed;
	if (!err)
		err = file_write(stamp, symvers, strlen(symvers), 0666);
	if (!err && unlink(preparing) < 0)
		err = error_errno(errno, "cannot remove %s", preparing);
	build->workspace.incomplete = err;
	return err ?: kbuild_load(&build->kbuild);
}
