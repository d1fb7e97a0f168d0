/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings that live as long as the build, and lists of them. */
#ifndef KLPKIT_TEXT_H
#define KLPKIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <klpkit/error.h>
#include "arena.h"

/*
 * Zeroed is empty. When memory is short the functions return "" and remember it: the caller looks
 * once, with text_failed(), after a series of them.
 */
struct text {
	struct arena arena;
	bool failed;
};

const char *text_printf(struct text *text, const char *fmt, ...) printf_like(2, 3);
const char *text_copy(struct text *text, const char *string);
const char *text_slice(struct text *text, const char *start, size_t size);
/* error_nomem() if anything failed, else NULL. */
struct error *text_failed(const struct text *text) must_check;
void text_destroy(struct text *text);

/* The list owns its array only. Always ends with a NULL that is not counted once it has items. */
struct list {
	const char **items;
	size_t count, room;
};

/* Without memory nothing is added, and the text remembers it. */
void list_add(struct text *text, struct list *list, const char *string);
bool list_has(const struct list *list, const char *string);
void list_sort(struct list *list);
/* Sorts, and leaves one of each. */
void list_unique(struct list *list);
void list_destroy(struct list *list);

static inline void free_string(char **string)
{
	free(*string);
}

#define auto_free __attribute__((cleanup(free_string)))
#define auto_list __attribute__((cleanup(list_destroy)))
#define auto_text __attribute__((cleanup(text_destroy)))

bool starts_with(const char *string, const char *prefix);
bool ends_with(const char *string, const char *suffix);

#endif
