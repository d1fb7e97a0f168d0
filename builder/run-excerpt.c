// SPDX-License-Identifier: GPL-2.0-or-later
/* What matters in the output of a failed command. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

#define EXCERPT_LINES 12

static bool line_has(const char *line, size_t length, const char *text)
{
	return memmem(line, length, text, strlen(text));
}

/* "make[2]: *** [file:12: x.o] Error 1" repeats, a level a line, that something failed. */
static bool line_is_makes_echo(const char *line, size_t length)
{
	return !strncmp(line, "make", 4) && (line_has(line, length, "] Error ") ||
					     line_has(line, length, "Waiting for unfinished"));
}

/* gcc, ld, modpost, objtool, patch and make itself. */
static bool line_is_error(const char *line, size_t length)
{
	static const char *const marks[] = {"error:",	"ERROR:",      "Error:",  "*** ",
					    "FAILED",	"undefined ",  "cannot ", "No space left",
					    "rejected", "syntax error"};

	if (line_is_makes_echo(line, length))
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (line_has(line, length, marks[i]))
			return true;
	return false;
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static const char *line_next(const char *line)
{
	line += line_length(line);
	return *line ? line + 1 : line;
}

static bool line_is_repeated(const char *line, const char *before)
{
	return before && line_length(line) == line_length(before) &&
	       !strncmp(line, before, line_length(line));
}

/* The first error lines, and how many more there were. */
static size_t excerpt_errors(FILE *out, const char *output)
{
	const char *before = NULL;
	size_t count = 0;

	for (const char *line = output; *line; line = line_next(line)) {
		if (!line_is_error(line, line_length(line)) || line_is_repeated(line, before))
			continue;
		before = line;
		if (count++ < EXCERPT_LINES)
			fprintf(out, "  %.*s\n", (int)line_length(line), line);
	}
	if (count > EXCERPT_LINES)
		fprintf(out, "  ... and %zu more\n", count - EXCERPT_LINES);
	return count;
}

static void excerpt_tail(FILE *out, const char *output)
{
	size_t total = 0, index = 0;

	for (const char *line = output; *line; line = line_next(line))
		total++;
	for (const char *line = output; *line; line = line_next(line))
		if (index++ + EXCERPT_LINES >= total)
			fprintf(out, "  %.*s\n", (int)line_length(line), line);
}

char *run_excerpt(const char *output)
{
	char *excerpt = NULL;
	size_t size;
	FILE *out = open_memstream(&excerpt, &size);

	if (!out)
		return NULL;
	if (!excerpt_errors(out, output))
		excerpt_tail(out, output);
	if (fclose(out)) {
		free(excerpt);
		return NULL;
	}
	return excerpt;
}
