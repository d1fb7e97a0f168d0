/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a name to the entries of a table that have it. The entries are structs of any kind whose
 * first member is the name; the table must stay where it is while the index is used.
 */
#ifndef DIFFER_READ_NAMES_H
#define DIFFER_READ_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>

struct name_group {
	uint32_t hash, first, count; /* count of them from first on in indices[] */
};

struct name_index {
	const void *entries;
	size_t stride;
	const char *strings; /* not NULL: the first member is a uint32_t offset in these */
	uint32_t *slots; /* group number + 1, or 0; open addressing */
	uint32_t mask;
	struct name_group *groups;
	uint32_t group_count;
	uint32_t *indices; /* entry numbers, grouped by name, ascending within a group */
};

#define NAME_INDEX_MAX ((size_t)1 << 30)

/* count is at most NAME_INDEX_MAX. */
struct error *name_index_init(struct name_index *index, const void *entries, size_t count,
			      size_t stride) must_check;
/* Of arrays that an earlier index had; they are not released with this one. */
void name_index_thaw(struct name_index *index, const void *entries, size_t stride,
		     const char *strings, const uint32_t *slots, uint32_t mask,
		     const struct name_group *groups, const uint32_t *indices);
void name_index_deinit(struct name_index *index);
/* How many entries have this name; *indices_ret is untouched when there is none. */
size_t name_index_find(const struct name_index *index, const char *name,
		       const uint32_t **indices_ret);

#endif
