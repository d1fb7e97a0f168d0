// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the sources. Out: a text with "= PATH" for each file that includes others, and below it
 * what it includes, as it is written: "<linux/mm.h" or "\"internal.h".
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "includes.h"

static bool is_source(const char *path)
{
	static const char *const suffixes[] = { ".c", ".h", ".inc", ".S" };

	if (starts_with(path, "tools/") || starts_with(path, "scripts/"))
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (ends_with(path, suffixes[i]))
			return true;
	return false;
}

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* at is behind a '#' that starts a line. */
static void index_line(FILE *out, const char *path, const char *at, bool *named)
{
	size_t length;

	at = skip_blanks(at);
	if (!starts_with(at, "include"))
		return;
	at = skip_blanks(at + strlen("include"));
	if (*at != '<' && *at != '"')
		return;
	length = strcspn(at + 1, *at == '<' ? ">\n" : "\"\n");
	if (!*named)
		fprintf(out, "= %s\n", path);
	*named = true;
	fprintf(out, "%.*s\n", (int)length + 1, at);
}

/* data is NUL-terminated. */
static void index_data(FILE *out, const char *path, const char *data)
{
	bool named = false;

	for (const char *at = strchr(data, '#'); at; at = strchr(at + 1, '#')) {
		const char *start = at;

		while (start > data && (start[-1] == ' ' || start[-1] == '\t'))
			start--;
		if (start == data || start[-1] == '\n')
			index_line(out, path, at + 1, &named);
	}
}

/* buffer is kept from file to file. */
struct buffer {
	char *data;
	size_t room;
};

static struct error *read_source(int tree, const char *path, size_t size, struct buffer *buffer)
{
	ssize_t got;
	int fd;

	if (buffer->room < size + 1) {
		char *data = realloc(buffer->data, size * 2 + 4096);

		if (!data)
			return error_nomem();
		buffer->data = data;
		buffer->room = size * 2 + 4096;
	}
	buffer->data[0] = '\0';
	fd = openat(tree, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? NULL : error_errno(errno, "cannot open %s", path);
	got = read(fd, buffer->data, buffer->room - 1);
	if (got >= 0)
		buffer->data[got] = '\0';
	close(fd);
	return got < 0 ? error_errno(errno, "cannot read %s", path) : NULL;
}

static struct error *index_files(int tree, const struct farm_list *files, FILE *out)
{
	struct buffer buffer = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; !err && i < files->count; i++) {
		const struct farm_entry *entry = &files->items[i];

		if (entry->is_dir || entry->target || !is_source(entry->path))
			continue;
		err = read_source(tree, entry->path, entry->stamp.size, &buffer);
		if (!err)
			index_data(out, entry->path, buffer.data);
	}
	free(buffer.data);
	return err;
}

struct error *includes_index(const char *tree, const struct farm_list *files, const char *index)
{
	auto_free char *data = NULL;
	struct error *err;
	size_t size = 0;
	FILE *out;
	int fd;

	fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(errno, "cannot open %s", tree);
	out = open_memstream(&data, &size);
	if (!out) {
		close(fd);
		return error_nomem();
	}
	err = index_files(fd, files, out);
	close(fd);
	if (fclose(out) && !err)
		err = error_nomem();
	return err ?: file_write(index, data, size, 0666);
}
