// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the bytes of a unified diff. Out: the files that it touches, in its order. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "patch-file.h"
#include "patch-path.h"
#include "text.h"

struct reader {
	const char *name; /* of the patch file */
	const char *at, *end;
	const char *line; /* the current one, without its end */
	size_t length, number;
	struct patch_file *patch;
};

static bool reader_next(struct reader *reader)
{
	const char *stop;

	if (reader->at >= reader->end)
		return false;
	stop = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	reader->line = reader->at;
	reader->at = stop ? stop + 1 : reader->end;
	reader->length = (size_t)((stop ? stop : reader->end) - reader->line);
	if (reader->length && reader->line[reader->length - 1] == '\r')
		reader->length--;
	reader->number++;
	return true;
}

static bool line_starts(const struct reader *reader, const char *prefix)
{
	size_t size = strlen(prefix);

	return reader->length >= size && !memcmp(reader->line, prefix, size);
}

/* The line after the current one starts with prefix. */
static bool next_line_starts(const struct reader *reader, const char *prefix)
{
	size_t size = strlen(prefix);

	return (size_t)(reader->end - reader->at) >= size && !memcmp(reader->at, prefix, size);
}

struct header {
	char *old_path, *new_path; /* NULL: not seen, or /dev/null */
	bool old_null, new_null;
	size_t line;
};

static void header_clear(struct header *header)
{
	free(header->old_path);
	free(header->new_path);
	*header = (struct header){ 0 };
}

static struct error *add_entry(struct reader *reader, const char *path, enum patch_touch touch,
			       size_t hunks, size_t line)
{
	struct patch_entry *entry = array_add(reader->patch);

	if (!entry)
		return error_nomem();
	entry->path = strdup(path);
	entry->touch = touch;
	entry->hunks = hunks;
	entry->line = line;
	return entry->path ? NULL : error_nomem();
}

/* "-12,3" or "+12": the count, 1 when it is not there. Moves *at behind it. */
static bool parse_range(const char **at, char sign, unsigned long *start_ret, unsigned long *ret)
{
	char *stop;

	if (**at != sign || !isdigit((unsigned char)(*at)[1]))
		return false;
	*start_ret = strtoul(*at + 1, &stop, 10);
	*ret = 1;
	if (*stop == ',') {
		if (!isdigit((unsigned char)stop[1]))
			return false;
		*ret = strtoul(stop + 1, &stop, 10);
	}
	*at = stop;
	return true;
}

static bool parse_hunk_header(const struct reader *reader, unsigned long *old_ret,
			      unsigned long *new_ret)
{
	unsigned long start;
	const char *at;

	if (!line_starts(reader, "@@ -"))
		return false;
	at = reader->line + 3;
	if (!parse_range(&at, '-', &start, old_ret) || *at++ != ' ' ||
	    !parse_range(&at, '+', &start, new_ret))
		return false;
	return !strncmp(at, " @@", 3);
}

static struct error *bad_hunk(const struct reader *reader, const char *what)
{
	return error_create(EXIT_ERROR, "%s:%zu: %s", reader->name, reader->number, what);
}

/* The lines of one hunk, which has these many of the old and of the new file. */
static struct error *read_hunk(struct reader *reader, unsigned long old, unsigned long new)
{
	while (old || new) {
		if (!reader_next(reader))
			return bad_hunk(reader, "the patch ends in the middle of a hunk");
		/* Mailers drop the blank of an empty context line. */
		switch (reader->length ? reader->line[0] : ' ') {
		case ' ':
			if (!old || !new)
				return bad_hunk(reader, "the hunk has more lines than it says");
			old--;
			new--;
			break;
		case '-':
			if (!old)
				return bad_hunk(reader, "the hunk has more lines than it says");
			old--;
			break;
		case '+':
			if (!new)
				return bad_hunk(reader, "the hunk has more lines than it says");
			new--;
			break;
		case '\\':
			break;
		default:
			return bad_hunk(reader, "this line is not part of a hunk, which has fewer "
						"lines than it says");
		}
	}
	return NULL;
}

/* After "+++": the hunks. all_old and all_new are the lines that they have of each side. */
static struct error *read_hunks(struct reader *reader, size_t *count_ret, unsigned long *all_old,
				unsigned long *all_new)
{
	struct error *err;

	*count_ret = *all_old = *all_new = 0;
	while (next_line_starts(reader, "@@ ")) {
		unsigned long old, new;

		reader_next(reader);
		if (!parse_hunk_header(reader, &old, &new))
			return bad_hunk(reader, "this is not the start of a hunk");
		err = read_hunk(reader, old, new);
		if (err)
			return err;
		*all_old += old;
		*all_new += new;
		(*count_ret)++;
		if (next_line_starts(reader, "\\"))
			reader_next(reader);
	}
	return NULL;
}

/* diff -N names both files, and says by the line counts that one of them is not there. */
static struct error *add_edit(struct reader *reader, const struct header *header, size_t hunks,
			      unsigned long all_old, unsigned long all_new)
{
	struct error *err;

	if (header->old_null || (hunks == 1 && !all_old))
		return add_entry(reader, header->new_path, PATCH_NEW, hunks, header->line);
	if (header->new_null || (hunks == 1 && !all_new))
		return add_entry(reader, header->old_path, PATCH_DELETED, hunks, header->line);
	if (!strcmp(header->old_path, header->new_path))
		return add_entry(reader, header->new_path, PATCH_EDITED, hunks, header->line);
	if (patch_path_alike(header->old_path, header->new_path))
		return add_entry(reader, header->new_path, PATCH_EDITED, hunks, header->line);
	err = add_entry(reader, header->old_path, PATCH_DELETED, 0, header->line);
	return err ?: add_entry(reader, header->new_path, PATCH_NEW, hunks, header->line);
}

/* The current line is "--- ", the next one "+++ ". */
static struct error *read_file(struct reader *reader)
{
	unsigned long all_old, all_new;
	struct header header = { .line = reader->number };
	struct error *err;
	size_t hunks;

	err = patch_path_read(reader->name, reader->number, reader->line + 4, reader->length - 4,
			      &header.old_path, &header.old_null);
	if (err)
		goto out;
	reader_next(reader);
	err = patch_path_read(reader->name, reader->number, reader->line + 4, reader->length - 4,
			      &header.new_path, &header.new_null);
	if (err)
		goto out;
	if (header.old_null && header.new_null) {
		err = bad_hunk(reader, "both files are /dev/null");
		goto out;
	}
	if (!next_line_starts(reader, "@@ "))
		goto out; /* a pair of such lines in a commit message */
	err = read_hunks(reader, &hunks, &all_old, &all_new);
	if (!err)
		err = add_edit(reader, &header, hunks, all_old, all_new);
out:
	header_clear(&header);
	return err;
}

/* git's own lines between "diff --git" and the hunks, where they matter to us. */
static struct error *read_extended(struct reader *reader)
{
	enum patch_touch touch = PATCH_DELETED;
	struct error *err;
	const char *path;
	char *stripped;

	if (line_starts(reader, "GIT binary patch") || line_starts(reader, "Binary files "))
		return bad_hunk(reader, "the patch changes a binary file");
	if (line_starts(reader, "new file mode 120000"))
		return bad_hunk(reader, "the patch makes a symbolic link");
	if (line_starts(reader, "rename from ")) {
		path = reader->line + strlen("rename from ");
	} else if (line_starts(reader, "rename to ")) {
		path = reader->line + strlen("rename to ");
		touch = PATCH_NEW;
	} else if (line_starts(reader, "copy to ")) {
		path = reader->line + strlen("copy to ");
		touch = PATCH_NEW;
	} else {
		return NULL;
	}
	err = patch_path_unquote(reader->name, reader->number, path,
				 (size_t)(reader->line + reader->length - path), &stripped);
	if (err)
		return err;
	err = add_entry(reader, stripped, touch, 0, reader->number);
	free(stripped);
	return err;
}

static struct error *read_patch(struct reader *reader)
{
	bool in_git_header = false;
	struct error *err = NULL;

	while (!err && reader_next(reader)) {
		if (line_starts(reader, "diff --git ")) {
			in_git_header = true;
		} else if (line_starts(reader, "--- ") && next_line_starts(reader, "+++ ")) {
			in_git_header = false;
			err = read_file(reader);
		} else if (in_git_header) {
			err = read_extended(reader);
		}
	}
	return err;
}

/* A file that is renamed and edited, or edited by several parts, is one entry. */
static void merge_entries(struct patch_file *patch)
{
	size_t kept = 0;

	for (size_t i = 0; i < patch->count; i++) {
		struct patch_entry *entry = &patch->items[i];
		size_t twin = 0;

		while (twin < kept && strcmp(patch->items[twin].path, entry->path))
			twin++;
		if (twin == kept) {
			patch->items[kept++] = *entry;
			continue;
		}
		patch->items[twin].hunks += entry->hunks;
		if (entry->touch == PATCH_DELETED)
			patch->items[twin].touch = PATCH_DELETED;
		free(entry->path);
	}
	patch->count = kept;
}

struct error *patch_file_parse(const char *name, const char *data, size_t size,
			       struct patch_file *ret)
{
	struct patch_file patch = { 0 };
	struct reader reader = { .name = name, .at = data, .end = data + size, .patch = &patch };
	struct error *err;

	if (memchr(data, '\0', size))
		return error_create(EXIT_ERROR, "%s is not a patch: it is a binary file", name);
	err = read_patch(&reader);
	if (!err && !patch.count)
		err = error_create(
			EXIT_ERROR,
			"%s is not a patch: it has no \"---\", \"+++\" and \"@@\" lines as "
			"diff -u and git diff write them",
			name);
	if (err) {
		patch_file_destroy(&patch);
		return err;
	}
	merge_entries(&patch);
	*ret = patch;
	return NULL;
}

void patch_file_destroy(struct patch_file *patch)
{
	for (size_t i = 0; i < patch->count; i++)
		free(patch->items[i].path);
	free(patch->items);
	*patch = (struct patch_file){ 0 };
}
