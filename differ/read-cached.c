// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "read-cached.h"
#include "read-frozen.h"

/* Smaller ones are read as fast as they are looked up. */
#define SMALLEST (16 << 10)

static char *path_for(const char *path, const struct stat *st)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *real = realpath(path, NULL), *dir = NULL, *key = NULL, *found = NULL;
	XXH128_hash_t hash;

	if (base && *base == '/') {
		if (asprintf(&dir, "%s/klpkit", base) < 0)
			dir = NULL;
	} else if (home && *home == '/') {
		if (asprintf(&dir, "%s/.cache/klpkit", home) < 0)
			dir = NULL;
	}
	if (real && dir &&
	    asprintf(&key, "%s\n%llu %llu %lld %lld.%09ld", real, (unsigned long long)st->st_dev,
		     (unsigned long long)st->st_ino, (long long)st->st_size,
		     (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec) > 0) {
		hash = XXH3_128bits(key, strlen(key));
		if (asprintf(&found, "%s/tables/%016llx%016llx", dir,
			     (unsigned long long)hash.high64, (unsigned long long)hash.low64) < 0)
			found = NULL;
	}
	free(real);
	free(dir);
	free(key);
	return found;
}

/* The two lowest directories; what is above them is the user's. */
void cache_make_directory(const char *path)
{
	char *copy = strdup(path), *slash = copy ? strrchr(copy, '/') : NULL;

	if (slash) {
		*slash = '\0';
		if (mkdir(copy, 0777) < 0) {
			char *above = strrchr(copy, '/');

			*above = '\0';
			mkdir(copy, 0777);
			*above = '/';
			mkdir(copy, 0777);
		}
	}
	free(copy);
}

char *cache_path_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < SMALLEST)
		return NULL;
	return path_for(path, &st);
}

void cache_keep_file(const char *cached, enum frozen_kind kind, const struct frozen_file *file)
{
	cache_make_directory(cached);
	error_destroy(frozen_file_write(cached, kind, file));
}

static void keep(const char *path, const struct symtab *symtab, const struct image *image)
{
	cache_make_directory(path);
	error_destroy(frozen_write(path, symtab, image));
}

struct error *symtab_open_cached(const char *path, struct symtab **ret, struct image **image_ret)
{
	struct symtab *symtab = NULL;
	struct image *image = NULL;
	struct error *err = NULL;
	char *cached = cache_path_of(path);

	if (cached)
		err = frozen_read(cached, &symtab, &image);
	if (!err && !symtab) {
		err = symtab_open(path, &symtab, &image);
		if (!err && cached)
			keep(cached, symtab, image);
	}
	free(cached);
	if (err) {
		symtab_destroy(symtab);
		image_destroy(image);
		return err;
	}
	*ret = symtab;
	if (image_ret)
		*image_ret = image;
	else
		image_destroy(image);
	return NULL;
}
