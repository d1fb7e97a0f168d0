// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that lives as long as one run, and arrays that grow. */
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

#define ARENA_BLOCK (64 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char data[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = arena->blocks;
	void *place;

	if (size > SIZE_MAX / 2) {
		arena->failed = true;
		return NULL;
	}
	size = (size + align - 1) & ~(align - 1);
	if (!block || block->size - block->used < size) {
		size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;

		block = calloc(1, sizeof(*block) + room);
		if (!block) {
			arena->failed = true;
			return NULL;
		}
		block->size = room;
		block->next = arena->blocks;
		arena->blocks = block;
	}
	place = block->data + block->used;
	block->used += size;
	return place;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = arena_alloc(arena, size);

	return copy ? memcpy(copy, text, size) : NULL;
}

char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
{
	char *copy, *text;

	if (vasprintf(&text, fmt, args) < 0) {
		arena->failed = true;
		return NULL;
	}
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = arena_vprintf(arena, fmt, args);
	va_end(args);
	return text;
}

char *arena_stream(struct arena *arena, FILE *stream, char **text)
{
	bool failed = !stream || ferror(stream);
	char *copy;

	failed |= stream && fclose(stream);
	copy = failed || !*text ? NULL : arena_strdup(arena, *text);
	arena->failed |= !copy;
	free(*text);
	*text = NULL;
	return copy;
}

void arena_destroy(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->blocks = NULL;
}

void *array_grow(void **items, size_t *count, size_t *room, size_t size)
{
	unsigned char *place;

	if (*count == *room) {
		size_t more = *room ? *room * 2 : 16;
		void *grown = reallocarray(*items, more, size);

		if (!grown)
			return NULL;
		*items = grown;
		*room = more;
	}
	place = (unsigned char *)*items + *count * size;
	memset(place, 0, size);
	(*count)++;
	return place;
}
