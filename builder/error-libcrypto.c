// SPDX-License-Identifier: GPL-2.0-or-later
/* Apart from the other errors: the differ does not need OpenSSL, whose loading it would notice. */
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <klpkit/error.h>

struct error *error_libcrypto(const char *fmt, ...)
{
	unsigned long code = ERR_get_error();
	struct error *err;
	char detail[256];
	char *text;
	va_list args;

	ERR_error_string_n(code, detail, sizeof(detail));
	ERR_clear_error();
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	if (!text)
		return error_nomem();
	err = error_create(EXIT_ERROR, "%s%s%s", text, code ? ": " : "", code ? detail : "");
	free(text);
	return err;
}
