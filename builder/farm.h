/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel tree to build in that leaves the user's alone: all directories are real, each source
 * file is a symbolic link to the user's. What is generated is not linked, because kbuild would
 * write through the link; in tools/ and scripts/, where that cannot be known, the files are copies.
 * Directories that an x86-64 kernel's build does not read are left out.
 */
#ifndef KLPKIT_FARM_H
#define KLPKIT_FARM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>
#include "paths.h"
#include "text.h"

struct farm_entry {
	const char *path;   /* below the top */
	const char *target; /* of a symbolic link that stays in the tree, else NULL */
	bool is_dir;
	struct file_stamp stamp; /* of a file */
};

/* A tree as it was at a time: sorted by path. */
struct farm_list {
	struct text text;
	struct farm_entry *items;
	size_t count, room;
	int64_t when; /* nanoseconds since 1970 */
};

void farm_list_destroy(struct farm_list *list);
/* NULL when it is not there. */
const struct farm_entry *farm_find(const struct farm_list *list, const char *path);

/* Looks at the user's tree. */
struct error *farm_scan(const char *source, struct farm_list *ret) must_check;

/* A list is kept as text. A file that is not there, or not ours, is an empty list. */
struct error *farm_load(const char *path, struct farm_list *ret) must_check;
struct error *farm_save(const char *path, const struct farm_list *list) must_check;

struct farm {
	struct farm_list list; /* what the tree has */
	size_t added, removed, changed;
	bool backdated; /* a changed file looks older than what may have been made of it */
};

/* The link to the user's tree, in the directory above ours. */
#define FARM_SOURCE "src"

/* What the link that stands for an entry says. */
void farm_target(const struct farm_entry *entry, char target[PATH_MAX]);

/* Whether a real file stands for an entry, not a link. */
bool farm_is_copied(const struct farm_entry *entry);

/* Makes the directory, link or copy of one entry; those above it are there. */
struct error *farm_plant(const char *tree, const char *source,
			 const struct farm_entry *entry) must_check;

/* Makes the tree that was made of old into one of farm->list, and fills in the counts. */
struct error *farm_update(const char *tree, const char *source, const struct farm_list *old,
			  struct farm *farm) must_check;
/* Removes all but the list's, and makes again what of that was replaced. */
struct error *farm_reset(const char *tree, const char *source,
			 const struct farm_list *list) must_check;
/* Only the counts. */
void farm_compare(const struct farm_list *old, struct farm *farm);

#endif
