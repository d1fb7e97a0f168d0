/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified diffs, as diff -u, git diff and git format-patch write them: which files are touched.
 * The paths have one leading component to strip (-p1). Applying is not done here.
 */
#ifndef KLPKIT_PATCH_FILE_H
#define KLPKIT_PATCH_FILE_H

#include <stddef.h>

#include <klpkit/error.h>

enum patch_touch {
	PATCH_EDITED,
	PATCH_NEW,
	PATCH_DELETED,
};

struct patch_entry {
	char *path; /* below the source directory: no "..", no leading slash */
	enum patch_touch touch;
	size_t hunks;
	size_t line; /* of the patch file, where the entry starts */
};

struct patch_file {
	struct patch_entry *items;
	size_t count, room;
};

/*
 * name is for messages. What is no patch, is cut off in a hunk, or leaves the source directory is
 * an EXIT_ERROR. A rename is two entries.
 */
struct error *patch_file_parse(const char *name, const char *data, size_t size,
			       struct patch_file *ret) must_check;
void patch_file_destroy(struct patch_file *patch);

#endif
