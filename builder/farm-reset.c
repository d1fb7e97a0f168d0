// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a tree that was built in. Out: what farm_update() had made of it.
 *
 * Removing tens of thousands of links to make them again costs more than all of the rest: ext4
 * passes over each inode that was freed within the last minute when it looks for a free one
 * (recently_deleted() of fs/ext4/ialloc.c).
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "farm.h"

struct reset {
	const char *tree;
	const struct farm_list *list;
	bool *stays; /* by index in the list */
};

/* The farm's own, as it was made. A copy may have been written to. */
static bool is_intact(const struct farm_entry *entry, const char *path, unsigned char type)
{
	char wanted[PATH_MAX], target[PATH_MAX];
	ssize_t size;

	if (entry->is_dir)
		return type == DT_DIR;
	if (type != DT_LNK || farm_is_copied(entry))
		return false;
	farm_target(entry, wanted);
	size = readlink(path, target, sizeof(target) - 1);
	if (size < 0)
		return false;
	target[size] = '\0';
	return !strcmp(wanted, target);
}

static struct error *reset_directory(struct reset *reset, const char *dir);

static struct error *reset_entry(struct reset *reset, const char *dir, const struct dirent *dirent)
{
	const struct farm_entry *entry;
	char full[PATH_MAX];
	const char *path = full + strlen(reset->tree) + 1;

	if ((size_t)snprintf(full, sizeof(full), "%s/%s%s%s", reset->tree, dir, *dir ? "/" : "",
			     dirent->d_name) >= sizeof(full))
		return error_errno(ENAMETOOLONG, "cannot reset %s", full);
	entry = farm_find(reset->list, path);
	if (!entry || !is_intact(entry, full, dirent->d_type))
		return remove_tree(full);
	reset->stays[entry - reset->list->items] = true;
	return entry->is_dir ? reset_directory(reset, path) : NULL;
}

static struct error *reset_directory(struct reset *reset, const char *dir)
{
	struct error *err = NULL;
	struct dirent **entries;
	char path[PATH_MAX];
	int count;

	snprintf(path, sizeof(path), "%s%s%s", reset->tree, *dir ? "/" : "", dir);
	count = scandir(path, &entries, NULL, NULL);
	if (count < 0)
		return error_errno(errno, "cannot read %s", path);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (!err && strcmp(name, ".") && strcmp(name, ".."))
			err = reset_entry(reset, dir, entries[i]);
		free(entries[i]);
	}
	free(entries);
	return err;
}

struct error *farm_reset(const char *tree, const char *source, const struct farm_list *list)
{
	struct reset reset = { .tree = tree, .list = list };
	struct error *err;

	reset.stays = calloc(list->count + 1, sizeof(*reset.stays));
	if (!reset.stays)
		return error_nomem();
	err = reset_directory(&reset, "");
	for (size_t i = 0; !err && i < list->count; i++)
		if (!reset.stays[i])
			err = farm_plant(tree, source, &list->items[i]);
	free(reset.stays);
	return err;
}
