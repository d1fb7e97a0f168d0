// SPDX-License-Identifier: GPL-2.0-or-later
/* The paths in the header lines of a patch. */
#include <stdlib.h>
#include <string.h>

#include "patch-path.h"
#include "text.h"

/* After a backslash: one character, of one letter or three octal digits. Moves *at behind it. */
static char unescape(const char **at, const char *end)
{
	static const char letters[] = "abtnvfr\"\\", values[] = "\a\b\t\n\v\f\r\"\\";
	const char *found;
	unsigned int value = 0;

	if (*at == end)
		return '\\';
	found = memchr(letters, **at, sizeof(letters) - 1);
	if (found) {
		(*at)++;
		return values[found - letters];
	}
	for (int i = 0; i < 3 && *at < end && **at >= '0' && **at <= '7'; i++)
		value = value * 8 + (unsigned int)(*(*at)++ - '0');
	return (char)value;
}

/* The path itself: the quoted string, or all before a tab. malloc'd; NULL without memory. */
static char *unquote(const char *text, size_t size)
{
	const char *end = text + size, *tab;
	char *path = malloc(size + 1), *to = path;

	if (!path)
		return NULL;
	if (!size || *text != '"') {
		tab = memchr(text, '\t', size);
		size = tab ? (size_t)(tab - text) : size;
		while (size && text[size - 1] == ' ')
			size--;
		memcpy(path, text, size);
		path[size] = '\0';
		return path;
	}
	for (text++; text < end && *text != '"';) {
		char letter = *text++;

		*to++ = letter == '\\' ? unescape(&text, end) : letter;
	}
	*to = '\0';
	return path;
}

static struct error *check_inside(const char *file, size_t line, const char *path)
{
	if (!*path)
		return error_create(EXIT_ERROR, "%s:%zu: there is no file name", file, line);
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/' && part != path;
		if (*part == '/')
			return error_create(EXIT_ERROR, "%s:%zu: %s is an absolute path", file,
					    line, path);
		if (!strcmp(part, "..") || !strncmp(part, "../", 3))
			return error_create(EXIT_ERROR, "%s:%zu: %s leaves the source directory",
					    file, line, path);
	}
	if (strpbrk(path, "\n\r"))
		return error_create(EXIT_ERROR, "%s:%zu: the file name has a line end in it", file,
				    line);
	return NULL;
}

/* Takes path over. */
static struct error *finish_path(const char *file, size_t line, char *path, char **path_ret)
{
	struct error *err = check_inside(file, line, path);

	if (err) {
		free(path);
		return err;
	}
	*path_ret = path;
	return NULL;
}

struct error *patch_path_unquote(const char *file, size_t line, const char *text, size_t size,
				 char **path_ret)
{
	char *path = unquote(text, size);

	if (!path)
		return error_nomem();
	return finish_path(file, line, path, path_ret);
}

struct error *patch_path_read(const char *file, size_t line, const char *text, size_t size,
			      char **path_ret, bool *null_ret)
{
	char *path = unquote(text, size), *slash;
	struct error *err;

	if (!path)
		return error_nomem();
	*null_ret = !strcmp(path, "/dev/null");
	if (*null_ret) {
		free(path);
		*path_ret = NULL;
		return NULL;
	}
	slash = strchr(path, '/');
	if (*path == '/' || !slash) {
		err = *path == '/' ?
			      check_inside(file, line, path) :
			      error_create(
				      EXIT_ERROR,
				      "%s:%zu: %s has no leading directory to strip; paths are "
				      "expected as git diff writes them (a/%s)",
				      file, line, path, path);
		free(path);
		return err;
	}
	while (*slash == '/')
		slash++;
	memmove(path, slash, strlen(slash) + 1);
	return finish_path(file, line, path, path_ret);
}

bool patch_path_alike(const char *old_path, const char *new_path)
{
	size_t length = strlen(new_path);

	if (strncmp(old_path, new_path, length))
		return false;
	return !strcmp(old_path + length, ".orig") || !strcmp(old_path + length, "~") ||
	       !strcmp(old_path + length, ".old");
}
