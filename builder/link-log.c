// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * objtool exits with 0 when it warns, and modpost was told to; a patch that either has something
 * to say about must not be loaded.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link-log.h"

static bool is_warning(const char *line)
{
	return strcasestr(line, "warning:") || strstr(line, "objtool:") || strstr(line, "ERROR:");
}

/* References are undefined until the finish step; link-check.c has compared the sets. */
static bool is_undefined_symbol(const char *line)
{
	return strstr(line, "modpost: \"") && strstr(line, "undefined!");
}

static bool is_more_undefined_symbols(const char *line)
{
	return strstr(line, "modpost: suppressed") && strstr(line, "unresolved symbol warnings");
}

/*
 * The compiler leaves the ENDBR out of a static function that is only called. The record of a
 * replaced one refers to it all the same; but ftrace gets there by a return, which IBT does not
 * watch. Only for that table: any other stored address of such a function would trap.
 */
static bool is_record_of_unmarked(const char *line)
{
	return strstr(line, "objtool: .klpkit.funcs+") &&
	       strstr(line, ": data relocation to !ENDBR: ");
}

static bool is_understood(const char *line)
{
	return is_undefined_symbol(line) || is_more_undefined_symbols(line) ||
	       is_record_of_unmarked(line);
}

struct error *link_check_log(const char *output, const char *log)
{
	char *lines = strdup(output), *text = NULL, *rest = lines;
	size_t size = 0, count = 0;
	FILE *file = open_memstream(&text, &size);
	struct error *err = NULL;

	if (!lines || !file) {
		err = error_nomem();
	} else {
		for (char *line; (line = strsep(&rest, "\n"));)
			if (is_warning(line) && !is_understood(line) && count++ < 12)
				fprintf(file, "\n  %s", line);
	}
	if (file && fclose(file) && !err)
		err = error_nomem();
	if (!err && count)
		err = error_create(EXIT_ERROR, "the kernel's tools warn:%s%s%s", text,
				   log ? "\n  the full log: " : "", log ? log : "");
	free(text);
	free(lines);
	return err;
}
