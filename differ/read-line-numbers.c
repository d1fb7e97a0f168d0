// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the lines and the inlined calls of two objects. Out: whether two numbers are lines. */
#include <stdlib.h>

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
