// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and directories: made, copied, removed, measured. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "paths.h"

static struct error *make_directories_in(char *path)
{
	for (char *slash = path + 1;; slash++) {
		char kept = *slash;

		if (kept && kept != '/')
			continue;
		*slash = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST && !is_directory(path))
			return error_errno(errno, "cannot create the directory %s", path);
		*slash = kept;
		if (!kept)
			break;
	}
	if (!is_directory(path))
		return error_create(EXIT_ERROR, "%s is not a directory", path);
	return NULL;
}

struct error *make_directories(const char *path)
{
	struct error *err;
	char *copy;

	if (!*path)
		return NULL;
	copy = strdup(path);
	if (!copy)
		return error_nomem();
	err = make_directories_in(copy);
	free(copy);
	return err;
}

struct error *make_parents(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct error *err;
	char *parent;

	if (!slash || slash == path)
		return NULL;
	parent = strndup(path, (size_t)(slash - path));
	if (!parent)
		return error_nomem();
	err = make_directories(parent);
	free(parent);
	return err;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	/* Directories of a package may lack the write bit. */
	return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

struct error *remove_tree(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? NULL : error_errno(errno, "cannot look at %s", path);
	if (nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS) != 0)
		return error_errno(errno, "cannot remove %s", path);
	return NULL;
}

struct error *copy_file(const char *from, const char *to)
{
	struct error *err;
	struct stat st;
	size_t size;
	char *data;

	if (stat(from, &st) < 0)
		return error_errno(errno, "cannot look at %s", from);
	err = file_read(from, &data, &size);
	if (err)
		return err;
	err = file_write(to, data, size, (st.st_mode & 0777) | 0600);
	free(data);
	return err;
}

bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISDIR(st.st_mode);
}

bool is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int64_t nanoseconds(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

struct file_stamp file_stamp_of(const struct stat *st)
{
	return (struct file_stamp){
		.size = (uint64_t)st->st_size,
		.inode = st->st_ino,
		.mtime = nanoseconds(&st->st_mtim),
		.ctime = nanoseconds(&st->st_ctim),
	};
}

bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->size == b->size && a->inode == b->inode && a->mtime == b->mtime &&
	       a->ctime == b->ctime;
}

void sha256_text(const void *data, size_t size, char text[SHA256_TEXT])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(data, size, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

struct error *sha256_file(const char *path, char text[SHA256_TEXT])
{
	struct error *err;
	size_t size;
	char *data;

	err = file_read(path, &data, &size);
	if (err)
		return err;
	sha256_text(data, size, text);
	free(data);
	return NULL;
}
