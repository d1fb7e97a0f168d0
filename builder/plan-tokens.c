// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what the preprocessor has written. Out: a hash of its tokens. Line markers do not count, nor
 * does which blanks are between tokens; in a string they do.
 */
#include <ctype.h>
#include <string.h>
#include <xxhash.h>

#include <klpkit/file.h>
#include "plan.h"

/* "# 12 "file"" at the start of a line, as the preprocessor writes it; not "#pragma". */
static bool is_marker(const char *at, const char *end)
{
	return at + 2 < end && at[0] == '#' && at[1] == ' ' && isdigit((unsigned char)at[2]);
}

/* Behind the literal that starts at a quote. */
static const char *skip_literal(const char *at, const char *end)
{
	char quote = *at++;

	while (at < end && *at != quote && *at != '\n')
		at += *at == '\\' && at + 1 < end ? 2 : 1;
	return at < end ? at + 1 : end;
}

/* Moves what counts to the start of data, and returns how much it is. */
static size_t squeeze(char *data, size_t size)
{
	const char *at = data, *end = data + size;
	bool line_start = true, blank = false;
	char *to = data;

	while (at < end) {
		const char *stop = at + 1;

		if (line_start && is_marker(at, end)) {
			stop = memchr(at, '\n', (size_t)(end - at));
			at = stop ? stop + 1 : end;
			continue;
		}
		if (isspace((unsigned char)*at)) {
			line_start = *at++ == '\n';
			blank = true;
			continue;
		}
		if (*at == '"' || *at == '\'')
			stop = skip_literal(at, end);
		/* There was a blank or a marker before it, so this does not overtake at. */
		if (blank && to > data)
			*to++ = ' ';
		blank = line_start = false;
		memmove(to, at, (size_t)(stop - at));
		to += stop - at;
		at = stop;
	}
	return (size_t)(to - data);
}

struct error *plan_tokens(const char *path, uint64_t *ret)
{
	auto_free char *data = NULL;
	struct error *err;
	size_t size;

	err = file_read(path, &data, &size);
	if (!err)
		*ret = XXH3_64bits(data, squeeze(data, size));
	return err;
}
