// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The glue in the directory in which kbuild makes a patch module.
 *
 * The cache has a directory for each glue and configuration, named by their hash: objects, and
 * the files that are needed beside them. kbuild takes an object without source as it is.
 */
#include <dirent.h>
#include <klpkit/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link-dir.h"
#include "link-glue.h"
#include "paths.h"

/* Where include/ and loader-module/ are. */
#ifndef KLPKIT_DATADIR
#error "KLPKIT_DATADIR is not set"
#endif

#define GLUE_DIR KLPKIT_DATADIR "/loader-module/glue"
#define INCLUDE_DIR KLPKIT_DATADIR "/include/"

/* What the glue includes of what crosses a folder. */
static const char *const headers[] = { "klpkit/format.h", "klpkit/loader.h", "klpkit/object.h" };
#define HEADER_COUNT (sizeof(headers) / sizeof(*headers))

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length > tail && !strcmp(name + length - tail, suffix);
}

/* Made for each patch. */
static bool is_made(const char *name)
{
	return !strncmp(name, "build.", 6) && !has_suffix(name, ".h");
}

static int is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !is_made(entry->d_name);
}

typedef struct error *(*file_fn)(void *context, const char *name, const char *data, size_t size);

/* Each file of a directory, by name, with its contents. */
static struct error *for_each_file(const char *from, file_fn fn, void *context)
{
	struct dirent **entries;
	struct error *err = NULL;
	int count = scandir(from, &entries, is_wanted, alphasort);

	if (count < 0)
		return error_create(EXIT_ERROR, "cannot read the directory %s", from);
	for (int i = 0; i < count; i++) {
		char *path = NULL, *data = NULL;
		size_t size = 0;

		if (!err && asprintf(&path, "%s/%s", from, entries[i]->d_name) < 0) {
			path = NULL;
			err = error_nomem();
		}
		if (path && is_file(path)) {
			err = file_read(path, &data, &size);
			if (!err)
				err = fn(context, entries[i]->d_name, data, size);
		}
		free(data);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return err;
}

/* Into glue/ of the directory; an object also gets what modpost looks for. */
static struct error *put_file(void *context, const char *name, const char *data, size_t size)
{
	const char *dir = context;
	struct error *err;
	char *path;

	if (asprintf(&path, "glue/%s", name) < 0)
		return error_nomem();
	err = link_dir_put(dir, path, data, size);
	free(path);
	if (err || !has_suffix(name, ".o"))
		return err;
	if (asprintf(&path, "glue/.%s.cmd", name) < 0)
		return error_nomem();
	err = link_dir_put(dir, path, NULL, 0);
	free(path);
	return err;
}

/* What is compiled is needed, and what is not compiled: all but the sources. */
static struct error *keep_file(void *context, const char *name, const char *data, size_t size)
{
	if (has_suffix(name, ".c") || (has_suffix(name, ".h") && strcmp(name, "build.h")))
		return NULL;
	return link_dir_put(context, name, data, size);
}

static struct error *hash_file(void *context, const char *name, const char *data, size_t size)
{
	FILE *all = context;

	fprintf(all, "%s %zu\n", name, size);
	fwrite(data, 1, size, all);
	return NULL;
}

/* One more file into the hash. */
static struct error *hash_path(FILE *all, const char *path)
{
	struct error *err;
	size_t size;
	char *data;

	err = file_read(path, &data, &size);
	if (err)
		return err;
	err = hash_file(all, "", data, size);
	free(data);
	return err;
}

static struct error *hash_header(FILE *all, const char *name)
{
	struct error *err;
	char *path;

	if (asprintf(&path, INCLUDE_DIR "%s", name) < 0)
		return error_nomem();
	err = hash_path(all, path);
	free(path);
	return err;
}

/*
 * The configuration, which has the compiler's version in it, stands for the kernel's headers:
 * those of one release and configuration are the same.
 */
static struct error *hash_all(const struct link_input *in, char text[SHA256_TEXT])
{
	char *data = NULL, *config;
	struct error *err;
	size_t size = 0;
	FILE *all;

	if (asprintf(&config, "%s/include/config/auto.conf", in->kbuild->tree) < 0)
		return error_nomem();
	all = open_memstream(&data, &size);
	err = all ? hash_path(all, config) : error_nomem();
	free(config);
	for (size_t i = 0; !err && i < HEADER_COUNT; i++)
		err = hash_header(all, headers[i]);
	if (!err)
		err = for_each_file(GLUE_DIR, hash_file, all);
	if (all) {
		fprintf(all, "%s %s\n", in->release, in->model ? "loader" : "livepatch");
		if (fclose(all) && !err)
			err = error_nomem();
	}
	if (!err)
		sha256_text(data, size, text);
	free(data);
	return err;
}

/* *ret is malloc'd, or NULL without a cache. */
static struct error *cache_path(const struct link_input *in, char **ret)
{
	char text[SHA256_TEXT];
	struct error *err;

	*ret = NULL;
	if (!in->glue_cache)
		return NULL;
	err = hash_all(in, text);
	if (!err && asprintf(ret, "%s/glue-%.16s", in->glue_cache, text) < 0) {
		*ret = NULL;
		err = error_nomem();
	}
	return err;
}

static struct error *put_header(const char *dir, const char *name)
{
	char *from = NULL, *to = NULL, *data = NULL;
	struct error *err = NULL;
	size_t size;

	if (asprintf(&from, INCLUDE_DIR "%s", name) < 0 || asprintf(&to, "include/%s", name) < 0)
		err = error_nomem();
	if (!err)
		err = file_read(from, &data, &size);
	if (!err)
		err = link_dir_put(dir, to, data, size);
	free(data);
	free(from);
	free(to);
	return err;
}

struct error *link_glue_put(const struct link_input *in, const char *dir)
{
	char *cached;
	struct error *err;

	err = cache_path(in, &cached);
	if (!err)
		err = for_each_file(cached && is_directory(cached) ? cached : GLUE_DIR, put_file,
				    (void *)dir);
	free(cached);
	for (size_t i = 0; !err && i < HEADER_COUNT; i++)
		err = put_header(dir, headers[i]);
	return err;
}

/* Beside, then renamed: another run finds all of it or nothing. */
static struct error *keep_in(const char *cached, const char *glue)
{
	struct error *err;
	char *temporary;

	if (asprintf(&temporary, "%s.%d", cached, getpid()) < 0)
		return error_nomem();
	err = make_directories(temporary);
	if (!err)
		err = for_each_file(glue, keep_file, temporary);
	if (err || rename(temporary, cached))
		error_destroy(remove_tree(temporary));
	free(temporary);
	return err;
}

void link_glue_keep(const struct link_input *in, const char *dir)
{
	struct error *err;
	char *cached, *glue;

	err = cache_path(in, &cached);
	if (!err && cached && !is_directory(cached) && asprintf(&glue, "%s/glue", dir) > 0) {
		err = keep_in(cached, glue);
		free(glue);
	}
	free(cached);
	error_destroy(err);
}
