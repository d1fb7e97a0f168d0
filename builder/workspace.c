// SPDX-License-Identifier: GPL-2.0-or-later
/* A directory in which one build at a time compiles for one kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"
#include "kbuild.h"
#include "workspace.h"

/* Raised when what we keep changes its meaning. */
#define WORKSPACE_FORMAT 6
#define WORKSPACE_MOST 64

/* What was prepared for one of these does not do for another. */
static const char *workspace_key(struct build *build)
{
	char config[SHA256_TEXT], key[SHA256_TEXT];
	const char *all;

	sha256_text(build->kernel.config_data, build->kernel.config_size, config);
	all = text_printf(&build->text, "%d\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n", WORKSPACE_FORMAT,
			  build->kernel.source, config, build->kernel.release, build->tools.gcc,
			  build->tools.version, build->tools.identity, KBUILD_SPLIT);
	sha256_text(all, strlen(all), key);
	return text_printf(&build->text, "%s-%.12s", build->kernel.release, key);
}

/* *lock_ret is -1 when another build has it. */
static struct error *try_lock(const char *dir, int *lock_ret)
{
	auto_free char *path = NULL;
	struct error *err;
	int lock;

	if (asprintf(&path, "%s/lock", dir) < 0)
		return error_nomem();
	err = make_directories(dir);
	if (err)
		return err;
	/* Without O_CLOEXEC: see the header. */
	lock = open(path, O_RDWR | O_CREAT, 0666);
	if (lock < 0)
		return error_errno(errno, "cannot open %s", path);
	if (flock(lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK) {
			err = error_errno(errno, "cannot lock %s", path);
			close(lock);
			return err;
		}
		close(lock);
		lock = -1;
	}
	*lock_ret = lock;
	return NULL;
}

/* The first free one of those that are there; else, after a moment's patience, a new one. */
static struct error *find_free(struct build *build, const char *pool)
{
	const struct timespec moment = { .tv_nsec = 50000000 };

	for (int patience = 6; patience--;) {
		for (int i = 1; i <= WORKSPACE_MOST; i++) {
			const char *dir = text_printf(&build->text, "%s/ws-%d", pool, i);
			struct error *err = text_failed(&build->text);

			if (!err && !is_directory(dir) && i > 1 && patience)
				break;
			if (!err)
				err = try_lock(dir, &build->workspace.lock);
			if (err)
				return err;
			if (build->workspace.lock >= 0) {
				build->workspace.dir = dir;
				return NULL;
			}
		}
		nanosleep(&moment, NULL);
	}
	return error_create(EXIT_ERROR, "%d builds are running in %s", WORKSPACE_MOST, pool);
}

static struct error *empty_scratch(struct build *build)
{
	struct error *err;

	err = remove_tree(build->workspace.scratch);
	if (!err)
		err = make_directories(build->workspace.scratch);
	return err ?: make_directories(build->workspace.state);
}

struct error *workspace_take(struct build *build)
{
	struct build_workspace *workspace = &build->workspace;
	const char *cache;
	struct error *err;

	err = cache_build_directory(&build->text, &cache);
	if (!err)
		err = find_free(build, text_printf(&build->text, "%s/kernels/%s", cache,
						   workspace_key(build)));
	if (err)
		return err;
	workspace->tree = text_printf(&build->text, "%s/tree", workspace->dir);
	workspace->state = text_printf(&build->text, "%s/state", workspace->dir);
	workspace->scratch = text_printf(&build->text, "%s/scratch", workspace->dir);
	workspace->log = text_printf(&build->text, "%s/log", workspace->dir);
	err = text_failed(&build->text);
	if (!err && unlink(workspace->log) < 0 && errno != ENOENT)
		err = error_errno(errno, "cannot remove %s", workspace->log);
	return err ?: empty_scratch(build);
}

static struct error *wipe(struct build *build)
{
	struct error *err;

	/* The state says what the tree is, so it goes first. */
	err = remove_tree(build->workspace.state);
	if (!err)
		err = remove_tree(build->workspace.tree);
	return err ?: make_directories(build->workspace.state);
}

/* The farm's list is all of the state that stays. */
static struct error *reset(struct build *build, const struct farm_list *list)
{
	struct build_workspace *workspace = &build->workspace;
	struct error *err;

	err = remove_tree(workspace->state);
	if (!err)
		err = make_directories(workspace->state);
	if (!err)
		err = farm_reset(workspace->tree, build->kernel.source, list);
	return err ?: farm_save(text_printf(&build->text, "%s/farm", workspace->state), list);
}

struct error *workspace_reset(struct build *build)
{
	const char *state = build->workspace.state;
	const char *updating = text_printf(&build->text, "%s/updating", state);
	const char *path = text_printf(&build->text, "%s/farm", state);
	struct farm_list list = { 0 };
	struct error *err = text_failed(&build->text);

	if (!err && !is_file(updating))
		err = farm_load(path, &list);
	if (!err)
		err = list.count ? reset(build, &list) : wipe(build);
	farm_list_destroy(&list);
	return err;
}

void workspace_release(struct build *build)
{
	struct build_workspace *workspace = &build->workspace;

	farm_list_destroy(&workspace->farm.list);
	if (workspace->lock < 0)
		return;
	error_destroy(remove_tree(workspace->scratch));
	if (workspace->incomplete)
		error_destroy(workspace_reset(build));
	close(workspace->lock);
	workspace->lock = -1;
}
