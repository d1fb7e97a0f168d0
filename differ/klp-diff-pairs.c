// SPDX-License-Identifier: GPL-2.0-or-later
/* In: two objects or two build trees. Out: the pairs of objects that are worth a comparison. */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <klpkit/file.h>

#include "arena.h"
#include "klp-diff.h"

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static char *join(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static struct error *add(struct object_pairs *pairs, const char *name, char *old_path,
			 char *new_path)
{
	struct object_pair *pair = array_add(pairs);
	char *copy = strdup(name);

	if (!pair || !copy) {
		free(copy);
		free(old_path);
		free(new_path);
		return error_nomem();
	}
	*pair = (struct object_pair){ copy, old_path, new_path };
	return NULL;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

/*
 * Not what kbuild has linked of other objects (ext4.o) or made itself (ext4.mod.o), nor a program's that
 * the build itself runs (tools/objtool): kbuild's record of the command, .NAME.o.cmd beside it, says so.
 */
static bool is_compiled(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *record, *text = NULL;
	bool compiled = true;
	struct error *err;
	size_t size;

	if (ends_with(path, ".mod.o") || ends_with(path, "/vmlinux.o"))
		return false;
	if (asprintf(&record, "%.*s.%s.cmd", slash ? (int)(slash - path) + 1 : 0, path,
		     slash ? slash + 1 : path) < 0)
		return true;
	if (exists(record)) {
		err = file_read(record, &text, &size);
		if (!err)
			compiled = !strstr(text, " -r -o ") && !strstr(text, " -r  -o ") &&
				   strstr(text, "-D__KERNEL__");
		error_destroy(err);
	}
	free(text);
	free(record);
	return compiled;
}

static bool same_contents(const char *a, const char *b)
{
	char *x = NULL, *y = NULL;
	size_t m = 0, n = 0;
	struct error *err = file_read(a, &x, &m);
	bool same;

	if (!err)
		err = file_read(b, &y, &n);
	same = !err && m == n && !memcmp(x, y, m);
	error_destroy(err);
	free(x);
	free(y);
	return same;
}

static struct error *add_object(struct object_pairs *pairs, const char *name,
				const char *here, const char *there, bool here_is_old)
{
	char *mine = join(here, name), *other = join(there, name);

	if (!mine || !other) {
		free(mine);
		free(other);
		return error_nomem();
	}
	if (!exists(other)) {
		free(other);
		return add(pairs, name, here_is_old ? mine : NULL, here_is_old ? NULL : mine);
	}
	if (here_is_old && !same_contents(mine, other))
		return add(pairs, name, mine, other);
	pairs->equal += here_is_old;
	free(mine);
	free(other);
	return NULL;
}

/* The second tree is walked for what only it has. */
static struct error *walk(struct object_pairs *pairs, const char *here, const char *there,
			  bool here_is_old)
{
	char *const roots[] = { (char *)here, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	struct error *err = NULL;
	size_t root = strlen(here);
	FTSENT *entry;

	if (!fts)
		return error_errno(errno, "cannot walk %s", here);
	while (!err && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR)
			err = error_errno(entry->fts_errno, "cannot read %s", entry->fts_path);
		if (entry->fts_info == FTS_F && ends_with(entry->fts_name, ".o") &&
		    entry->fts_name[0] != '.' && is_compiled(entry->fts_path))
			err = add_object(pairs, entry->fts_path + root + 1, here, there,
					 here_is_old);
	}
	fts_close(fts);
	return err;
}

static int by_name(const void *left, const void *right)
{
	const struct object_pair *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static struct error *find_in_trees(const char *old_path, const char *new_path,
				   struct object_pairs *pairs)
{
	struct error *err = walk(pairs, old_path, new_path, true);

	if (err)
		return err;
	err = walk(pairs, new_path, old_path, false);
	if (err)
		return err;
	if (!pairs->count && !pairs->equal)
		return error_create(EXIT_ERROR, "%s and %s have no object that kbuild compiled",
				    old_path, new_path);
	if (pairs->count)
		qsort(pairs->items, pairs->count, sizeof(*pairs->items), by_name);
	return NULL;
}

struct error *pairs_find(const char *old_path, const char *new_path, struct object_pairs *ret)
{
	struct object_pairs pairs = { 0 };
	struct error *err;

	if (is_directory(old_path) != is_directory(new_path))
		return error_create(EXIT_ERROR, "%s and %s: two objects or two directories are "
						"compared, not one of each",
				    old_path, new_path);
	if (is_directory(old_path)) {
		err = find_in_trees(old_path, new_path, &pairs);
	} else {
		char *a = strdup(old_path), *b = strdup(new_path);

		err = a && b ? add(&pairs, new_path, a, b) : error_nomem();
	}
	if (err)
		pairs_release(&pairs);
	else
		*ret = pairs;
	return err;
}

void pairs_release(struct object_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free(pairs->items[i].name);
		free(pairs->items[i].old_path);
		free(pairs->items[i].new_path);
	}
	free(pairs->items);
	*pairs = (struct object_pairs){ 0 };
}
