// SPDX-License-Identifier: GPL-2.0-or-later
/* In: what the user's tree was and is. Out: a tree of directories and links that follows it. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "farm.h"

#define FARM_MAGIC "klpkit farm 1"

/* Entries of one path in both lists; either may be NULL. */
typedef struct error *(*farm_visit)(void *data, const struct farm_entry *old,
				    const struct farm_entry *new);

static struct error *farm_walk(const struct farm_list *old, const struct farm_list *new,
			       farm_visit visit, void *data)
{
	struct error *err = NULL;
	size_t i = 0, k = 0;

	while (!err && (i < old->count || k < new->count)) {
		const struct farm_entry *gone = i < old->count ? &old->items[i] : NULL;
		const struct farm_entry *here = k < new->count ? &new->items[k] : NULL;
		int order = !gone ? 1 : !here ? -1 : strcmp(gone->path, here->path);

		err = visit(data, order <= 0 ? gone : NULL, order >= 0 ? here : NULL);
		i += order <= 0;
		k += order >= 0;
	}
	return err;
}

static bool same_kind(const struct farm_entry *a, const struct farm_entry *b)
{
	if (a->is_dir != b->is_dir || !a->target != !b->target)
		return false;
	return !a->target || !strcmp(a->target, b->target);
}

struct counting {
	struct farm *farm;
	int64_t when; /* the old list was made */
};

static struct error *count_entry(void *data, const struct farm_entry *old,
				 const struct farm_entry *new)
{
	struct counting *counting = data;
	struct farm *farm = counting->farm;

	if (!old) {
		farm->added += !new->is_dir;
	} else if (!new) {
		farm->removed += !old->is_dir;
	} else if (!same_kind(old, new)) {
		farm->changed++;
		farm->backdated = true;
	} else if (!new->is_dir && !new->target && !file_stamp_equal(&old->stamp, &new->stamp)) {
		farm->changed++;
		if (new->stamp.mtime <= counting->when)
			farm->backdated = true;
	}
	return NULL;
}

void farm_compare(const struct farm_list *old, struct farm *farm)
{
	struct counting counting = { .farm = farm, .when = old->when };

	farm->added = farm->removed = farm->changed = 0;
	farm->backdated = false;
	error_destroy(farm_walk(old, &farm->list, count_entry, &counting));
}

/*
 * tools/ and scripts/ have makefiles of their own style, which install, copy and generate as they
 * like, and whose .gitignore files do not tell all of it: no file of the user's is linked there.
 */
bool farm_is_copied(const struct farm_entry *entry)
{
	return !entry->is_dir && !entry->target &&
	       (starts_with(entry->path, "tools/") || starts_with(entry->path, "scripts/"));
}

static struct error *plant_copy(const char *path, const char *source,
				const struct farm_entry *entry)
{
	char from[PATH_MAX];

	snprintf(from, sizeof(from), "%s/%s", source, entry->path);
	return copy_file(from, path);
}

/*
 * Relative, and by way of FARM_SOURCE beside the tree: an inode of ext4 holds a target of up to
 * 59 bytes, a longer one takes a block. That is 200 MB, and most of the time.
 */
void farm_target(const struct farm_entry *entry, char target[PATH_MAX])
{
	size_t used = 0;

	if (entry->target) {
		snprintf(target, PATH_MAX, "%s", entry->target);
		return;
	}
	for (const char *at = entry->path; at && used < PATH_MAX / 2; at = strchr(at + 1, '/'))
		used += (size_t)snprintf(target + used, PATH_MAX - used, "../");
	snprintf(target + used, PATH_MAX - used, FARM_SOURCE "/%s", entry->path);
}

static struct error *plant_link(const char *path, const struct farm_entry *entry)
{
	char target[PATH_MAX];

	farm_target(entry, target);
	if (!symlink(target, path))
		return NULL;
	if (errno == EEXIST && !unlink(path) && !symlink(target, path))
		return NULL;
	return error_errno(errno, "cannot create the link %s", path);
}

struct error *farm_plant(const char *tree, const char *source, const struct farm_entry *entry)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", tree, entry->path);
	if (farm_is_copied(entry))
		return plant_copy(path, source, entry);
	if (!entry->is_dir)
		return plant_link(path, entry);
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return error_errno(errno, "cannot create the directory %s", path);
	return NULL;
}

struct planting {
	const char *tree, *source;
};

static struct error *plant_entry(void *data, const struct farm_entry *old,
				 const struct farm_entry *new)
{
	const struct planting *planting = data;
	struct error *err = NULL;
	char path[PATH_MAX];

	if (old && new && same_kind(old, new) &&
	    (!farm_is_copied(new) || file_stamp_equal(&old->stamp, &new->stamp)))
		return NULL;
	if (old) {
		snprintf(path, sizeof(path), "%s/%s", planting->tree, old->path);
		err = remove_tree(path);
	}
	if (err || !new)
		return err;
	return farm_plant(planting->tree, planting->source, new);
}

static struct error *plant_source(const char *tree, const char *source)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/../" FARM_SOURCE, tree);
	if (!symlink(source, path))
		return NULL;
	if (errno == EEXIST && !unlink(path) && !symlink(source, path))
		return NULL;
	return error_errno(errno, "cannot create the link %s", path);
}

struct error *farm_update(const char *tree, const char *source, const struct farm_list *old,
			  struct farm *farm)
{
	struct planting planting = { .tree = tree, .source = source };
	struct error *err;

	farm_compare(old, farm);
	err = make_directories(tree);
	if (!err)
		err = plant_source(tree, source);
	return err ?: farm_walk(old, &farm->list, plant_entry, &planting);
}

struct error *farm_save(const char *path, const struct farm_list *list)
{
	struct error *err;
	size_t size = 0;
	char *data = NULL;
	FILE *stream;

	stream = open_memstream(&data, &size);
	if (!stream)
		return error_nomem();
	fprintf(stream, FARM_MAGIC " %" PRId64 "\n", list->when);
	for (size_t i = 0; i < list->count; i++) {
		const struct farm_entry *entry = &list->items[i];

		if (entry->is_dir)
			fprintf(stream, "d %s\n", entry->path);
		else if (entry->target)
			fprintf(stream, "l %s\t%s\n", entry->path, entry->target);
		else
			fprintf(stream, "f %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64 " %s\n",
				entry->stamp.size, entry->stamp.inode, entry->stamp.mtime,
				entry->stamp.ctime, entry->path);
	}
	if (fclose(stream)) {
		free(data);
		return error_nomem();
	}
	err = file_write(path, data, size, 0666);
	free(data);
	return err;
}

/* False: not a line of ours. line is NUL-terminated and changed. */
static bool parse_line(struct farm_list *list, char *line)
{
	struct farm_entry *entry = array_add(list);
	char *at = line + 2, *tab;

	if (!entry) {
		list->text.failed = true;
		return false;
	}
	if (!line[0] || line[1] != ' ')
		return false;
	entry->is_dir = line[0] == 'd';
	if (line[0] == 'f') {
		entry->stamp.size = strtoull(at, &at, 10);
		entry->stamp.inode = strtoull(at, &at, 10);
		entry->stamp.mtime = strtoll(at, &at, 10);
		entry->stamp.ctime = strtoll(at, &at, 10);
		if (*at++ != ' ')
			return false;
	} else if (line[0] == 'l') {
		tab = strchr(at, '\t');
		if (!tab)
			return false;
		*tab = '\0';
		entry->target = text_copy(&list->text, tab + 1);
	}
	entry->path = text_copy(&list->text, at);
	return *at;
}

struct error *farm_load(const char *path, struct farm_list *ret)
{
	struct farm_list list = { 0 };
	auto_free char *data = NULL;
	char *line, *next = NULL;
	struct error *err;
	size_t size;

	*ret = list;
	if (!is_file(path))
		return NULL;
	err = file_read(path, &data, &size);
	if (err)
		return err;
	line = strtok_r(data, "\n", &next);
	if (!line || sscanf(line, FARM_MAGIC " %" SCNd64, &list.when) != 1)
		return NULL;
	while ((line = strtok_r(NULL, "\n", &next))) {
		if (parse_line(&list, line))
			continue;
		err = text_failed(&list.text);
		farm_list_destroy(&list);
		return err;
	}
	*ret = list;
	return text_failed(&list.text);
}
