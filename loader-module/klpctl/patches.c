// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "patches.h"

static const char *const directories[] = {
	[BACKEND_LIVEPATCH] = "/sys/kernel/livepatch",
	[BACKEND_LOADER] = "/sys/kernel/klp_loader",
};

const char *backend_name(enum backend backend)
{
	return backend == BACKEND_LOADER ? "loader" : "livepatch";
}

const char *patches_root(void)
{
	return getenv("KLPCTL_ROOT") ?: "";
}

/* Files of sysfs tell no size. */
static struct error *read_file(const char *path, char **text_ret)
{
	char buffer[8192];
	ssize_t size;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(errno, "cannot read %s", path);
	size = read(fd, buffer, sizeof(buffer) - 1);
	if (size < 0) {
		struct error *err = error_errno(errno, "cannot read %s", path);

		close(fd);
		return err;
	}
	close(fd);
	buffer[size] = '\0';
	*text_ret = strdup(buffer);
	return *text_ret ? NULL : error_nomem();
}

struct error *patch_read(const char *root, const struct patch *patch, const char *file, char **text_ret)
{
	struct error *err;
	char *path;

	if (asprintf(&path, "%s%s/%s/%s", root, directories[patch->backend], patch->name, file) < 0)
		return error_nomem();
	err = read_file(path, text_ret);
	free(path);
	return err;
}

struct error *patch_write(const char *root, const struct patch *patch, const char *file, const char *text)
{
	struct error *err = NULL;
	char *path;
	int fd;

	if (asprintf(&path, "%s%s/%s/%s", root, directories[patch->backend], patch->name, file) < 0)
		return error_nomem();
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = error_errno(errno, "cannot write %s to %s", text, path);
	if (fd >= 0)
		close(fd);
	free(path);
	return err;
}

bool patch_flag_is(const char *root, const struct patch *patch, const char *file, char value)
{
	char *text;
	struct error *err = patch_read(root, patch, file, &text);
	bool is;

	if (err) {
		error_destroy(err);
		return false;
	}
	is = text[0] == value;
	free(text);
	return is;
}

static int is_listed(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type == DT_DIR;
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
}

/* directory is its object's. */
static struct error *add_function(struct patch *patch, const char *directory, const char *object, const char *name)
{
	struct function *functions = reallocarray(patch->functions, patch->function_count + 1, sizeof(*functions));
	struct function *function;
	struct error *err;
	char *path;

	if (!functions)
		return error_nomem();
	patch->functions = functions;
	function = &functions[patch->function_count++];
	*function = (struct function){ .object = strdup(object), .name = strdup(name) };
	if (!function->object || !function->name || asprintf(&path, "%s/%s/state", directory, name) < 0)
		return error_nomem();
	err = read_file(path, &function->state);
	/* the kernel's own has no such file */
	error_destroy(err);
	if (!err)
		function->state[strcspn(function->state, "\n")] = '\0';
	free(path);
	return NULL;
}

static struct error *read_object(struct patch *patch, const char *directory, const char *object)
{
	struct dirent **entries;
	struct error *err = NULL;
	char *path;
	int count;

	if (asprintf(&path, "%s/%s", directory, object) < 0)
		return error_nomem();
	count = scandir(path, &entries, is_listed, alphasort);
	for (int i = 0; i < count && !err; i++)
		if (strchr(entries[i]->d_name, ','))
			err = add_function(patch, path, object, entries[i]->d_name);
	free_entries(entries, count);
	free(path);
	return err;
}

static struct error *read_functions(const char *root, struct patch *patch)
{
	struct dirent **entries;
	struct error *err = NULL;
	char *path;
	int count;

	if (asprintf(&path, "%s%s/%s", root, directories[patch->backend], patch->name) < 0)
		return error_nomem();
	count = scandir(path, &entries, is_listed, alphasort);
	for (int i = 0; i < count && !err; i++)
		err = read_object(patch, path, entries[i]->d_name);
	free_entries(entries, count);
	free(path);
	return err;
}

static struct error *read_patch(const char *root, enum backend backend, const char *name,
				struct patches *patches)
{
	struct patch *items = reallocarray(patches->items, patches->count + 1, sizeof(*items)), *patch;
	struct error *err = NULL;

	if (!items)
		return error_nomem();
	patches->items = items;
	patch = &items[patches->count++];
	*patch = (struct patch){ .name = strdup(name), .backend = backend };
	if (!patch->name)
		return error_nomem();
	/* in this order: one that is over says what came of it */
	patch->transition = patch_flag_is(root, patch, "transition", '1');
	patch->enabled = patch_flag_is(root, patch, "enabled", '1');
	if (backend == BACKEND_LOADER)
		err = patch_read(root, patch, "model", &patch->model);
	else
		patch->model = strdup("task");
	if (!err && !patch->model)
		err = error_nomem();
	if (err)
		return err;
	patch->model[strcspn(patch->model, "\n")] = '\0';
	return read_functions(root, patch);
}

static void free_patch(struct patch *patch)
{
	for (size_t n = 0; n < patch->function_count; n++) {
		free(patch->functions[n].object);
		free(patch->functions[n].name);
		free(patch->functions[n].state);
	}
	free(patch->functions);
	free(patch->model);
	free(patch->name);
}

/* Has its module been removed since it was listed? */
static bool is_gone(const char *root, const struct patch *patch)
{
	char *path;
	bool gone;

	if (!patch->name || asprintf(&path, "%s%s/%s/enabled", root, directories[patch->backend], patch->name) < 0)
		return false;
	gone = access(path, F_OK) && errno == ENOENT;
	free(path);
	return gone;
}

/* One that goes meanwhile is left out. */
static struct error *read_listed(const char *root, enum backend backend, const char *name, struct patches *patches)
{
	size_t count = patches->count;
	struct error *err = read_patch(root, backend, name, patches);

	if (patches->count > count && is_gone(root, &patches->items[count])) {
		free_patch(&patches->items[count]);
		patches->count = count;
		error_destroy(err);
		return NULL;
	}
	return err;
}

static struct error *read_backend(const char *root, enum backend backend, struct patches *patches)
{
	struct dirent **entries;
	struct error *err = NULL;
	char *path;
	int count;

	if (asprintf(&path, "%s%s", root, directories[backend]) < 0)
		return error_nomem();
	count = scandir(path, &entries, is_listed, alphasort);
	for (int i = 0; i < count && !err; i++)
		err = read_listed(root, backend, entries[i]->d_name, patches);
	free_entries(entries, count);
	free(path);
	return err;
}

struct error *patches_read(const char *root, struct patches *ret)
{
	struct patches patches = { 0 };
	struct error *err = read_backend(root, BACKEND_LIVEPATCH, &patches);

	if (!err)
		err = read_backend(root, BACKEND_LOADER, &patches);
	if (err)
		patches_free(&patches);
	else
		*ret = patches;
	return err;
}

void patches_free(struct patches *patches)
{
	for (size_t i = 0; i < patches->count; i++)
		free_patch(&patches->items[i]);
	free(patches->items);
	*patches = (struct patches){ 0 };
}

const struct patch *patches_find(const struct patches *patches, const char *name)
{
	for (size_t i = 0; i < patches->count; i++)
		if (!strcmp(patches->items[i].name, name))
			return &patches->items[i];
	return NULL;
}
