// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the lines and the inlined calls of two objects. Out: whether two numbers are lines. */
#include <stdlib.h>
#include <string.h>

#include "read-code-lines.h"
#include "read-inlines.h"
#include "read-line-numbers.h"

#define MACRO_LINES 20

struct line_source {
	struct code_lines *lines;
	struct inlines *inlines;
};

struct line_source *line_source_read(const char *object_path)
{
	struct line_source *source = calloc(1, sizeof(*source));

	if (!source)
		return NULL;
	source->lines = code_lines_read(object_path);
	source->inlines = inlines_read(object_path);
	if (source->lines && source->inlines)
		return source;
	line_source_destroy(source);
	return NULL;
}

void line_source_destroy(struct line_source *source)
{
	if (!source)
		return;
	code_lines_destroy(source->lines);
	inlines_destroy(source->inlines);
	free(source);
}

bool line_source_known(const struct line_source *source)
{
	return source && code_lines_known(source->lines);
}

static bool is_own_line(const struct line_number *a, const struct line_number *b)
{
	long line_a = code_line_at(a->source->lines, a->section, a->start + a->at);
	long line_b = code_line_at(b->source->lines, b->section, b->start + b->at);

	return line_a > 0 && line_b > 0 && a->number - line_a == b->number - line_b &&
	       labs(a->number - line_a) <= MACRO_LINES;
}

static bool is_line_of_call(const struct line_number *number)
{
	return inlines_called_at(number->source->inlines, number->function,
				 number->start + number->at, number->number);
}

static bool is_line_of_another(const struct line_number *a, const struct line_number *b)
{
	uint64_t at = a->start;
	long line;

	for (; code_lines_next(a->source->lines, a->section, a->start + a->size, &at, &line); at++)
		if (line > 0 && line == a->number &&
		    code_line_at(b->source->lines, b->section, b->start + (at - a->start)) ==
			    b->number)
			return true;
	return false;
}

bool line_numbers_same(const struct line_number *orig, const struct line_number *patched)
{
	return is_own_line(orig, patched) ||
	       (is_line_of_call(orig) && is_line_of_call(patched)) ||
	       is_line_of_another(orig, patched);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool line_in_strings(const char *a, size_t a_size, const char *b, size_t b_size, long *a_ret,
		     long *b_ret)
{
	char *a_end, *b_end;
	size_t at = 0;

	if (!memchr(a, 0, a_size) || !memchr(b, 0, b_size))
		return false;
	while (a[at] && a[at] == b[at])
		at++;
	while (at && is_digit(a[at - 1]))
		at--;
	if (at < 3 || a[at - 1] != ':' || !strchr("ch", a[at - 2]) || a[at - 3] != '.' ||
	    !is_digit(a[at]) || !is_digit(b[at]))
		return false;
	*a_ret = strtol(a + at, &a_end, 10);
	*b_ret = strtol(b + at, &b_end, 10);
	return !strcmp(a_end, b_end);
}
