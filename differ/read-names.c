// SPDX-License-Identifier: GPL-2.0-or-later
/* In: a table of named entries. Out: their numbers by name, in constant time. */
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "read-names.h"

static const char *name_index_name(const struct name_index *index, size_t entry)
{
	const char *name;
	uint32_t offset;

	if (index->strings) {
		memcpy(&offset, (const char *)index->entries + entry * index->stride,
		       sizeof(offset));
		return index->strings + offset;
	}
	memcpy(&name, (const char *)index->entries + entry * index->stride, sizeof(name));
	return name;
}

static uint32_t name_index_hash(const char *name)
{
	return (uint32_t)XXH3_64bits(name, strlen(name));
}

/*
 * The slot of a name, or the free one where it belongs. first_of tells an entry of each group:
 * groups[].first is one while the index is being made, indices[groups[].first] is afterwards.
 */
static uint32_t *name_index_slot(const struct name_index *index, const char *name, uint32_t hash)
{
	for (uint32_t at = hash & index->mask;; at = (at + 1) & index->mask) {
		const struct name_group *group;
		uint32_t entry;

		if (!index->slots[at])
			return &index->slots[at];
		group = &index->groups[index->slots[at] - 1];
		if (group->hash != hash)
			continue;
		entry = index->indices ? index->indices[group->first] : group->first;
		if (!strcmp(name_index_name(index, entry), name))
			return &index->slots[at];
	}
}

/* Each entry's group goes to group_of[]; returns the number of groups. */
static uint32_t name_index_group(struct name_index *index, size_t count, uint32_t *group_of)
{
	uint32_t groups = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = name_index_name(index, i);
		uint32_t hash = name_index_hash(name);
		uint32_t *slot = name_index_slot(index, name, hash);

		if (!*slot) {
			index->groups[groups++] = (struct name_group){hash, (uint32_t)i, 0};
			*slot = groups;
		}
		group_of[i] = *slot - 1;
		index->groups[*slot - 1].count++;
	}
	return groups;
}

struct error *name_index_init(struct name_index *index, const void *entries, size_t count,
			      size_t stride)
{
	uint32_t groups, next = 0, *group_of, *indices;
	size_t slots = 16;

	while (slots < count * 2)
		slots *= 2;
	*index = (struct name_index){
		.entries = entries,
		.stride = stride,
		.slots = calloc(slots, sizeof(uint32_t)),
		.mask = (uint32_t)(slots - 1),
		.groups = malloc((count + 1) * sizeof(struct name_group)),
	};
	group_of = malloc((count + 1) * sizeof(*group_of));
	indices = malloc((count + 1) * sizeof(*indices));
	if (!index->slots || !index->groups || !group_of || !indices) {
		free(group_of);
		free(indices);
		name_index_deinit(index);
		return error_nomem();
	}
	groups = index->group_count = name_index_group(index, count, group_of);
	/* Count sort: each group's part of indices[] starts where the one before it ends. */
	for (uint32_t i = 0; i < groups; i++) {
		index->groups[i].first = next;
		next += index->groups[i].count;
		index->groups[i].count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct name_group *group = &index->groups[group_of[i]];

		indices[group->first + group->count++] = (uint32_t)i;
	}
	free(group_of);
	index->indices = indices;
	return NULL;
}

void name_index_thaw(struct name_index *index, const void *entries, size_t stride,
		     const char *strings, const uint32_t *slots, uint32_t mask,
		     const struct name_group *groups, const uint32_t *indices)
{
	*index = (struct name_index){
		.entries = entries,
		.stride = stride,
		.strings = strings,
		.slots = (uint32_t *)slots,
		.mask = mask,
		.groups = (struct name_group *)groups,
		.indices = (uint32_t *)indices,
	};
}

void name_index_deinit(struct name_index *index)
{
	free(index->slots);
	free(index->groups);
	free(index->indices);
	*index = (struct name_index){0};
}

size_t name_index_find(const struct name_index *index, const char *name,
		       const uint32_t **indices_ret)
{
	const uint32_t *slot = name_index_slot(index, name, name_index_hash(name));
	const struct name_group *group;

	if (!*slot)
		return 0;
	group = &index->groups[*slot - 1];
	*indices_ret = index->indices + group->first;
	return group->count;
}
