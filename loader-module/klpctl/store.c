// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "store.h"

#define BASE "/var/lib/klpkit"
#define SUFFIX ".ko"

static struct error *read_boot_id(const char *root, char **ret)
{
	char *path, line[64];
	ssize_t size = -1;
	int fd;

	if (asprintf(&path, "%s/proc/sys/kernel/random/boot_id", root) < 0)
		return error_nomem();
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		size = read(fd, line, sizeof(line) - 1);
		close(fd);
	}
	free(path);
	line[size > 0 ? size : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	*ret = strdup(line);
	return *ret ? NULL : error_nomem();
}

struct error *store_open(const char *root, const char *release, struct store *ret)
{
	struct store store = { 0 };
	struct utsname kernel;
	struct error *err;

	if (!release && !uname(&kernel))
		release = kernel.release;
	if (!release || strchr(release, '/') || *release == '.')
		return error_create(EXIT_USAGE, "'%s' is no kernel release", release ? release : "");
	err = read_boot_id(root, &store.boot_id);
	if (!err)
		store.release = strdup(release);
	if (!err && (!store.release || asprintf(&store.directory, "%s" BASE "/%s", root, release) < 0)) {
		store.directory = NULL;
		err = error_nomem();
	}
	if (err)
		store_close(&store);
	else
		*ret = store;
	return err;
}

void store_close(struct store *store)
{
	free(store->release);
	free(store->directory);
	free(store->boot_id);
	*store = (struct store){ 0 };
}

/* malloc'd, or NULL */
static char *file_of(const struct store *store, const char *name, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s/%s%s", store->directory, name, suffix) < 0 ? NULL : path;
}

char *store_path(const struct store *store, const char *name)
{
	return file_of(store, name, SUFFIX);
}

bool store_has(const struct store *store, const char *name)
{
	char *path = store_path(store, name);
	bool has = path && !access(path, F_OK);

	free(path);
	return has;
}

static int is_module(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), suffix = strlen(SUFFIX);

	return entry->d_name[0] != '.' && length > suffix && !strcmp(entry->d_name + length - suffix, SUFFIX) &&
	       strcmp(entry->d_name, STORE_LOADER SUFFIX);
}

struct installed {
	char *name;
	struct timespec when;
};

static bool is_later(const struct timespec *time, const struct timespec *other)
{
	return time->tv_sec != other->tv_sec ? time->tv_sec > other->tv_sec : time->tv_nsec > other->tv_nsec;
}

static int by_time(const void *a, const void *b)
{
	const struct installed *left = a, *right = b;

	if (is_later(&left->when, &right->when))
		return 1;
	if (is_later(&right->when, &left->when))
		return -1;
	return strcmp(left->name, right->name);
}

static struct error *read_installed(const struct store *store, const char *file, struct installed *ret)
{
	char *name = strndup(file, strlen(file) - strlen(SUFFIX)), *path = name ? store_path(store, name) : NULL;
	struct error *err = path ? NULL : error_nomem();
	struct stat found;

	if (!err && stat(path, &found))
		err = error_errno(errno, "cannot read %s", path);
	free(path);
	if (err)
		free(name);
	else
		*ret = (struct installed){ name, found.st_mtim };
	return err;
}

static void free_installed(struct installed *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(all[i].name);
	free(all);
}

/* In the order in which they were put there; *ret is malloc'd, as are its names. */
static struct error *read_all(const struct store *store, struct installed **ret, size_t *count_ret)
{
	struct dirent **entries;
	int found = scandir(store->directory, &entries, is_module, alphasort);
	struct installed *all;
	struct error *err = NULL;
	size_t count = 0;

	*ret = NULL;
	*count_ret = 0;
	if (found < 0)
		return errno == ENOENT ? NULL : error_errno(errno, "cannot read %s", store->directory);
	all = calloc((size_t)found + 1, sizeof(*all));
	if (!all)
		err = error_nomem();
	for (int i = 0; i < found; i++) {
		if (!err)
			err = read_installed(store, entries[i]->d_name, &all[count]);
		if (!err)
			count++;
		free(entries[i]);
	}
	free(entries);
	if (err) {
		free_installed(all, count);
		return err;
	}
	/* one that replaces others comes after them, whatever it is called */
	qsort(all, count, sizeof(*all), by_time);
	*ret = all;
	*count_ret = count;
	return NULL;
}

struct error *store_list(const struct store *store, char ***ret, size_t *count_ret)
{
	struct installed *all;
	struct error *err;
	char **names;
	size_t count;

	*ret = NULL;
	*count_ret = 0;
	err = read_all(store, &all, &count);
	if (err)
		return err;
	names = calloc(count + 1, sizeof(*names));
	if (!names) {
		free_installed(all, count);
		return error_nomem();
	}
	for (size_t i = 0; i < count; i++)
		names[i] = all[i].name;
	free(all);
	*ret = names;
	*count_ret = count;
	return NULL;
}

void store_list_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static struct error *make_directory(const char *path)
{
	char *copy = strdup(path);
	struct error *err = copy ? NULL : error_nomem();

	for (char *at = copy; !err && (at = strchr(at + 1, '/')); *at = '/') {
		*at = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			err = error_errno(errno, "cannot make %s", copy);
	}
	if (!err && mkdir(path, 0755) && errno != EEXIST)
		err = error_errno(errno, "cannot make %s", path);
	free(copy);
	return err;
}

/* Names are on the disk only when their directory is. */
static struct error *sync_directory(const struct store *store)
{
	int fd = open(store->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct error *err = fd < 0 || fsync(fd) ? error_errno(errno, "cannot write %s", store->directory) : NULL;

	if (fd >= 0)
		close(fd);
	return err;
}

static struct error *copy_all(int from, int to, const char *path)
{
	ssize_t size;

	do {
		size = sendfile(to, from, NULL, 1 << 30);
	} while (size > 0);
	return size < 0 || fsync(to) ? error_errno(errno, "cannot write %s", path) : NULL;
}

/* The rest of the file from, or the text. */
static struct error *write_whole(const struct store *store, const char *path, int from, const char *text)
{
	struct error *err = NULL;
	char *new;
	int fd;

	if (asprintf(&new, "%s.new", path) < 0)
		return error_nomem();
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		err = error_errno(errno, "cannot make %s", new);
	else if (text)
		err = write(fd, text, strlen(text)) < 0 || fsync(fd) ? error_errno(errno, "cannot write %s", new) : NULL;
	else
		err = copy_all(from, fd, new);
	if (fd >= 0 && close(fd) && !err)
		err = error_errno(errno, "cannot write %s", new);
	if (!err && rename(new, path))
		err = error_errno(errno, "cannot make %s", path);
	if (err && fd >= 0)
		unlink(new);
	free(new);
	return err ?: sync_directory(store);
}

static struct error *remove_file(const struct store *store, const char *name, const char *suffix)
{
	char *path = file_of(store, name, suffix);
	struct error *err = NULL;

	if (!path)
		return error_nomem();
	if (unlink(path) && errno != ENOENT)
		err = error_errno(errno, "cannot remove %s", path);
	free(path);
	return err ?: sync_directory(store);
}

/*
 * Times order what is installed, and those of two files can be the same (the kernel gives a tick's), or the wrong way
 * round where the clock was set back: then it is one second after the last of the others.
 */
static struct error *make_last(const struct store *store, const char *name, const char *path)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	const struct installed *self = NULL, *last = NULL;
	struct installed *all;
	struct error *err;
	size_t count;

	err = read_all(store, &all, &count);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(all[i].name, name))
			self = &all[i];
		else
			last = &all[i];
	}
	if (!err && self && last && !is_later(&self->when, &last->when)) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		times[1].tv_sec = last->when.tv_sec + 1;
		if (fd < 0 || futimens(fd, times) || fsync(fd))
			err = error_errno(errno, "cannot write %s", path);
		if (fd >= 0)
			close(fd);
	}
	free_installed(all, count);
	return err;
}

struct error *store_put(const struct store *store, const char *name, const char *file)
{
	char *path = store_path(store, name);
	int from = open(file, O_RDONLY | O_CLOEXEC);
	struct error *err;

	if (from < 0)
		err = error_errno(errno, "cannot read %s", file);
	else
		err = path ? make_directory(store->directory) : error_nomem();
	if (!err)
		err = write_whole(store, path, from, NULL);
	/* the loader is not in the order */
	if (!err && strcmp(name, STORE_LOADER))
		err = make_last(store, name, path);
	if (!err)
		err = store_end_loading(store, name);
	if (from >= 0)
		close(from);
	free(path);
	return err;
}

struct error *store_drop(const struct store *store, const char *name)
{
	struct error *err;

	if (!store_has(store, name))
		return error_create(EXIT_NOTHING, "%s is not installed for %s", name, store->release);
	err = remove_file(store, name, SUFFIX);
	return err ?: store_end_loading(store, name);
}

struct error *store_begin_loading(const struct store *store, const char *name)
{
	char *path = file_of(store, name, ".loading");
	struct error *err = path ? write_whole(store, path, -1, store->boot_id) : error_nomem();

	free(path);
	return err;
}

struct error *store_end_loading(const struct store *store, const char *name)
{
	return remove_file(store, name, ".loading");
}

bool store_is_suspect(const struct store *store, const char *name)
{
	char *path = file_of(store, name, ".loading"), text[64];
	FILE *in = path ? fopen(path, "re") : NULL;
	bool suspect = false;

	if (in) {
		/* one that is empty was on its way to the disk */
		if (!fgets(text, sizeof(text), in))
			text[0] = '\0';
		suspect = strcmp(text, store->boot_id) != 0;
		fclose(in);
	}
	free(path);
	return suspect;
}
