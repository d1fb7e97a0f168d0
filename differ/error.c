// SPDX-License-Identifier: GPL-2.0-or-later
/* The one place where errors are made: errno's, libelf's and OpenSSL's become struct error. */
#include <libelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <klpkit/error.h>

static struct error error_out_of_memory = {
	.exit = EXIT_ERROR,
	.message = (char *)"out of memory",
};

struct error *error_nomem(void)
{
	return &error_out_of_memory;
}

/* Takes detail over; it may be NULL. */
static struct error *error_make(enum exit_code exit, const char *detail, const char *fmt,
				va_list args)
{
	struct error *err = malloc(sizeof(*err));
	char *text = NULL;

	if (!err || vasprintf(&text, fmt, args) < 0) {
		free(err);
		return error_nomem();
	}
	err->exit = exit;
	err->message = text;
	if (detail) {
		if (asprintf(&err->message, "%s: %s", text, detail) < 0) {
			free(text);
			free(err);
			return error_nomem();
		}
		free(text);
	}
	return err;
}

struct error *error_create(enum exit_code exit, const char *fmt, ...)
{
	struct error *err;
	va_list args;

	va_start(args, fmt);
	err = error_make(exit, NULL, fmt, args);
	va_end(args);
	return err;
}

struct error *error_errno(int errnum, const char *fmt, ...)
{
	struct error *err;
	va_list args;

	va_start(args, fmt);
	err = error_make(EXIT_ERROR, strerror(errnum), fmt, args);
	va_end(args);
	return err;
}

struct error *error_libelf(const char *fmt, ...)
{
	struct error *err;
	va_list args;

	va_start(args, fmt);
	err = error_make(EXIT_ERROR, elf_errmsg(-1), fmt, args);
	va_end(args);
	return err;
}

struct error *error_prefix(struct error *err, const char *fmt, ...)
{
	struct error *longer;
	va_list args;
	char *prefix;

	if (!err)
		return NULL;
	va_start(args, fmt);
	if (vasprintf(&prefix, fmt, args) < 0)
		prefix = NULL;
	va_end(args);
	if (!prefix)
		return err;
	longer = error_create(err->exit, "%s: %s", prefix, err->message);
	free(prefix);
	error_destroy(err);
	return longer;
}

void error_destroy(struct error *err)
{
	if (!err || err == &error_out_of_memory)
		return;
	free(err->message);
	free(err);
}
