/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that lives as long as one run, and arrays that grow. */
#ifndef DIFFER_ARENA_H
#define DIFFER_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <klpkit/error.h>

/* Zeroed: { NULL } is an empty arena. */
struct arena {
	struct arena_block *blocks;
	bool failed; /* an allocation of it has */
};

/* Zeroed memory, aligned for any type; NULL when there is none. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *fmt, ...) printf_like(2, 3);
char *arena_vprintf(struct arena *arena, const char *fmt, va_list args);
/*
 * Closes a stream of open_memstream() and gives its text, of the arena; text is freed. NULL without
 * memory, for the stream too; stream may be NULL.
 */
char *arena_stream(struct arena *arena, FILE *stream, char **text);
void arena_destroy(struct arena *arena);

/*
 * Makes room for one more element in an array { type *items; size_t count, room; } and gives its
 * zeroed place, or NULL without memory. The array is freed with free(array.items).
 */
void *array_grow(void **items, size_t *count, size_t *room, size_t size);
#define array_add(array)                                                                          \
	((__typeof__((array)->items))array_grow((void **)&(array)->items, &(array)->count,        \
						&(array)->room, sizeof(*(array)->items)))

#endif
