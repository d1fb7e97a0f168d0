// SPDX-License-Identifier: GPL-2.0-or-later
/* Where downloads and prepared kernels are kept. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "paths.h"

struct error *cache_directory(struct text *text, const char **ret)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME"), *dir;
	struct error *err;

	/* The XDG specification: a relative path is to be ignored. */
	if (base && *base == '/')
		dir = text_printf(text, "%s/klpkit", base);
	else if (home && *home == '/')
		dir = text_printf(text, "%s/.cache/klpkit", home);
	else
		return error_create(EXIT_ERROR, "neither XDG_CACHE_HOME nor HOME is an absolute "
						"path: no place for the cache");
	err = text_failed(text);
	if (!err)
		err = make_directories(dir);
	if (err)
		return err;
	*ret = dir;
	return NULL;
}

/* kbuild refuses blanks and colons; make, the shell and sed have a word on the others. */
static bool kbuild_can_work_in(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+-~@";

	return strspn(path, plain) == strlen(path);
}

/* Others can write to the place, so the directory must be ours alone. */
static struct error *private_directory(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return error_errno(errno, "cannot create the directory %s", path);
	if (lstat(path, &st) < 0)
		return error_errno(errno, "cannot look at %s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
		return error_create(
			EXIT_ERROR,
			"%s is not a directory that only you can write to; remove it, or "
			"set XDG_CACHE_HOME to a path without blanks and colons",
			path);
	return NULL;
}

struct error *cache_build_directory(struct text *text, const char **ret)
{
	char real[PATH_MAX], mark[SHA256_TEXT];
	const char *dir, *place;
	struct error *err;

	err = cache_directory(text, &dir);
	if (err)
		return err;
	if (!realpath(dir, real))
		return error_errno(errno, "cannot resolve %s", dir);
	if (kbuild_can_work_in(real)) {
		*ret = text_copy(text, real);
		return text_failed(text);
	}
	place = getenv("TMPDIR");
	if (!place || *place != '/' || !kbuild_can_work_in(place))
		place = "/var/tmp";
	dir = text_printf(text, "%s/klpkit-%u", place, (unsigned int)geteuid());
	err = text_failed(text) ?: private_directory(dir);
	if (err)
		return err;
	sha256_text(real, strlen(real), mark);
	dir = text_printf(text, "%s/%.16s", dir, mark);
	err = text_failed(text) ?: make_directories(dir);
	if (!err)
		*ret = dir;
	return err;
}
