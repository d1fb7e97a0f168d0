// SPDX-License-Identifier: GPL-2.0-or-later
/* Strings that live as long as the build, and lists of them. */
#include <stdarg.h>
#include <string.h>

#include "text.h"

static const char *text_keep(struct text *text, const char *string)
{
	if (string)
		return string;
	text->failed = true;
	return "";
}

const char *text_printf(struct text *text, const char *fmt, ...)
{
	const char *string;
	va_list args;

	va_start(args, fmt);
	string = arena_vprintf(&text->arena, fmt, args);
	va_end(args);
	return text_keep(text, string);
}

const char *text_copy(struct text *text, const char *string)
{
	return text_keep(text, arena_strdup(&text->arena, string));
}

const char *text_slice(struct text *text, const char *start, size_t size)
{
	char *copy = arena_alloc(&text->arena, size + 1);

	if (copy)
		memcpy(copy, start, size);
	return text_keep(text, copy);
}

struct error *text_failed(const struct text *text)
{
	return text->failed ? error_nomem() : NULL;
}

void text_destroy(struct text *text)
{
	arena_destroy(&text->arena);
}

void list_add(struct text *text, struct list *list, const char *string)
{
	if (list->count + 1 >= list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		const char **items = reallocarray(list->items, room, sizeof(*items));

		if (!items) {
			text->failed = true;
			return;
		}
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = string;
	list->items[list->count] = NULL;
}

bool list_has(const struct list *list, const char *string)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], string))
			return true;
	return false;
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void list_sort(struct list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_strings);
}

void list_unique(struct list *list)
{
	size_t kept = 0;

	list_sort(list);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || strcmp(list->items[kept - 1], list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
	if (list->items)
		list->items[kept] = NULL;
}

void list_destroy(struct list *list)
{
	free(list->items);
	*list = (struct list){ 0 };
}

bool starts_with(const char *string, const char *prefix)
{
	return !strncmp(string, prefix, strlen(prefix));
}

bool ends_with(const char *string, const char *suffix)
{
	size_t length = strlen(string), tail = strlen(suffix);

	return length >= tail && !strcmp(string + length - tail, suffix);
}
