// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the user's tree. Out: the directories and source files that a build reads, sorted. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "farm.h"
#include "ignore.h"

struct scan {
	const char *source;
	struct farm_list *list;
	struct text rules; /* of the .gitignore files */
};

/* What is in one directory, before it is known what of it is generated. */
struct names {
	struct list files, dirs, links;
	struct list made; /* X of each .X.cmd: kbuild has made these */
};

/*
 * Of other architectures, a few files are read: arch/arm/crypto/Kconfig and its like, and
 * fs/hostfs/Makefile includes arch/um/scripts/Makefile.rules.
 */
static bool other_arch_left_out(const char *path, bool is_dir)
{
	const char *name = strrchr(path, '/') + 1;
	int depth = 0;

	for (const char *at = path; *at; at++)
		depth += *at == '/';
	return is_dir ? depth > 2 : !starts_with(name, "Kconfig") && !starts_with(name, "Makefile");
}

/* Of tools/, the kernel's build makes objtool, resolve_btfids and what they need. */
static bool tool_left_out(const char *path)
{
	static const char *const kept[] = { "arch", "bpf",     "build",	 "include", "lib",
					    "objtool", "scripts", "Makefile" };
	const char *name = path + strlen("tools/");
	size_t length = strcspn(name, "/");

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (strlen(kept[i]) == length && !strncmp(name, kept[i], length))
			return false;
	return true;
}

/* Not read by the build of an x86-64 kernel. */
static bool left_out(const char *path, bool is_dir)
{
	if (starts_with(path, "Documentation/"))
		return strcmp(path, "Documentation/Kconfig") &&
		       strcmp(path, "Documentation/Makefile");
	if (starts_with(path, "arch/") && strcmp(path, "arch/x86") &&
	    !starts_with(path, "arch/x86/"))
		return other_arch_left_out(path, is_dir);
	return starts_with(path, "tools/") && tool_left_out(path);
}

static struct error *scan_error(const struct scan *scan, const char *path)
{
	return error_errno(errno, "cannot read %s/%s", scan->source, path);
}

static void destroy_names(struct names *names)
{
	list_destroy(&names->files);
	list_destroy(&names->dirs);
	list_destroy(&names->links);
	list_destroy(&names->made);
}

static struct error *sort_entry(struct scan *scan, int fd, const char *dir, const char *name,
				unsigned char type, struct names *names)
{
	struct text *text = &scan->list->text;
	const char *path = *dir ? text_printf(text, "%s/%s", dir, name) : text_copy(text, name);
	size_t length = strlen(name);
	struct stat st;

	if (type == DT_UNKNOWN) {
		if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return scan_error(scan, path);
		type = IFTODT(st.st_mode);
	}
	if (name[0] == '.' && length > 5 && !strcmp(name + length - 4, ".cmd"))
		list_add(text, &names->made, text_slice(text, name + 1, length - 5));
	if (type == DT_DIR)
		list_add(text, &names->dirs, path);
	else if (type == DT_REG)
		list_add(text, &names->files, path);
	else if (type == DT_LNK)
		list_add(text, &names->links, path);
	return NULL;
}

static struct error *read_names(struct scan *scan, DIR *stream, const char *dir,
				struct names *names)
{
	struct error *err = NULL;
	struct dirent *entry;

	while (!err && (errno = 0, entry = readdir(stream))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (strpbrk(entry->d_name, "\n\t"))
			continue; /* no kernel source, and our lists have lines */
		err = sort_entry(scan, dirfd(stream), dir, entry->d_name, entry->d_type, names);
	}
	if (!err && errno)
		err = scan_error(scan, dir);
	return err ?: text_failed(&scan->list->text);
}

/* The rules that hold in a directory: its own .gitignore's and those from above. */
static const struct ignore *read_rules(struct scan *scan, int fd, const char *dir,
				       const struct ignore *above)
{
	int rules = openat(fd, ".gitignore", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char data[16384];
	ssize_t size;

	if (rules < 0)
		return above;
	size = read(rules, data, sizeof(data) - 1);
	close(rules);
	if (size <= 0)
		return above;
	data[size] = '\0';
	return ignore_create(&scan->rules, above, dir, data);
}

static bool generated(const struct ignore *rules, const struct names *names, const char *path,
		      bool is_dir)
{
	const char *slash = strrchr(path, '/');

	return ignore_always(path, is_dir) || ignore_match(rules, path, is_dir) ||
	       (!is_dir && names->made.count && list_has(&names->made, slash ? slash + 1 : path));
}

static struct farm_entry *add_entry(struct scan *scan, const char *path, bool is_dir)
{
	struct farm_entry *entry = array_add(scan->list);

	if (entry) {
		entry->path = path;
		entry->is_dir = is_dir;
	} else {
		scan->list->text.failed = true;
	}
	return entry;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static struct error *add_file(struct scan *scan, int fd, const char *path)
{
	struct farm_entry *entry;
	struct stat st;

	if (fstatat(fd, last_part(path), &st, 0) < 0)
		return scan_error(scan, path);
	entry = add_entry(scan, path, false);
	if (entry)
		entry->stamp = file_stamp_of(&st);
	return text_failed(&scan->list->text);
}

static struct error *scan_directory(struct scan *scan, int above, const char *name,
				    const char *path, const struct ignore *rules);

/* A relative link in the directory of path stays inside the tree. */
static bool stays_inside(const char *path, const char *target)
{
	int depth = 0;

	if (*target == '/')
		return false;
	for (; *path; path++)
		depth += *path == '/';
	while (target && depth >= 0) {
		depth += !strncmp(target, "../", 3) || !strcmp(target, "..") ? -1 : *target != '.';
		target = strchr(target, '/');
		target += target != NULL;
	}
	return depth >= 0;
}

/* A link that leaves the tree counts as what it leads to. */
static struct error *add_outside(struct scan *scan, int fd, const char *path,
				 const struct ignore *rules)
{
	struct stat st;

	if (fstatat(fd, last_part(path), &st, 0) < 0)
		return NULL; /* it leads nowhere */
	if (!S_ISDIR(st.st_mode))
		return add_file(scan, fd, path);
	add_entry(scan, path, true);
	return scan_directory(scan, fd, last_part(path), path, rules);
}

static struct error *add_link(struct scan *scan, int fd, const char *path,
			      const struct ignore *rules)
{
	struct farm_entry *entry;
	char target[PATH_MAX];
	ssize_t size;

	size = readlinkat(fd, last_part(path), target, sizeof(target) - 1);
	if (size < 0)
		return scan_error(scan, path);
	target[size] = '\0';
	if (!stays_inside(path, target))
		return add_outside(scan, fd, path, rules);
	entry = add_entry(scan, path, false);
	if (entry)
		entry->target = text_copy(&scan->list->text, target);
	return text_failed(&scan->list->text);
}

static struct error *add_names(struct scan *scan, int fd, const struct names *names,
			       const struct ignore *rules)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < names->files.count; i++)
		if (!left_out(names->files.items[i], false) &&
		    !generated(rules, names, names->files.items[i], false))
			err = add_file(scan, fd, names->files.items[i]);
	for (size_t i = 0; !err && i < names->links.count; i++)
		if (!left_out(names->links.items[i], false) &&
		    !generated(rules, names, names->links.items[i], false))
			err = add_link(scan, fd, names->links.items[i], rules);
	for (size_t i = 0; !err && i < names->dirs.count; i++) {
		const char *dir = names->dirs.items[i];

		if (left_out(dir, true) || generated(rules, names, dir, true))
			continue;
		add_entry(scan, dir, true);
		err = scan_directory(scan, fd, last_part(dir), dir, rules);
	}
	return err;
}

static struct error *scan_directory(struct scan *scan, int above, const char *name,
				    const char *path, const struct ignore *rules)
{
	struct names names = { 0 };
	struct error *err;
	DIR *stream;
	int fd;

	if (strlen(path) > PATH_MAX / 4)
		return error_create(EXIT_ERROR, "%s/%s: the path is too long; a loop of links?",
				    scan->source, path);
	fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream) {
		err = scan_error(scan, path);
		if (fd >= 0)
			close(fd);
		return err;
	}
	rules = read_rules(scan, fd, path, rules);
	err = read_names(scan, stream, path, &names);
	if (!err)
		err = add_names(scan, fd, &names, rules);
	destroy_names(&names);
	closedir(stream);
	return err;
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct farm_entry *)a)->path, ((const struct farm_entry *)b)->path);
}

struct error *farm_scan(const char *source, struct farm_list *ret)
{
	struct farm_list list = { 0 };
	struct scan scan = { .source = source, .list = &list };
	struct timespec now;
	struct error *err;

	clock_gettime(CLOCK_REALTIME, &now);
	list.when = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	err = scan_directory(&scan, AT_FDCWD, source, "", NULL);
	if (!err)
		err = text_failed(&list.text);
	if (!err)
		err = text_failed(&scan.rules);
	text_destroy(&scan.rules);
	if (err) {
		farm_list_destroy(&list);
		return err;
	}
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_entries);
	*ret = list;
	return NULL;
}

void farm_list_destroy(struct farm_list *list)
{
	free(list->items);
	text_destroy(&list->text);
	*list = (struct farm_list){ 0 };
}

const struct farm_entry *farm_find(const struct farm_list *list, const char *path)
{
	struct farm_entry key = { .path = path };

	return list->count ? bsearch(&key, list->items, list->count, sizeof(key), compare_entries) :
			     NULL;
}
