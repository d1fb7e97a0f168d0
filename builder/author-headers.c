// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <klpkit/file.h>
#include "author-headers.h"
#include "paths.h"
#include "text.h"

/* Where include/ is. */
#ifndef KLPKIT_DATADIR
#error "KLPKIT_DATADIR is not set"
#endif

static struct error *put(const char *from, const char *to)
{
	auto_free char *data = NULL, *old = NULL;
	size_t size, old_size = 0;
	struct error *err = file_read(from, &data, &size);

	if (!err && is_file(to))
		err = file_read(to, &old, &old_size);
	if (err || (old && size == old_size && !memcmp(data, old, size)))
		return err;
	return file_write(to, data, size, 0666);
}

struct error *author_headers_put(const char *dir)
{
	static const char *const names[] = { "patch.h", "format.h", "object.h" };
	auto_text struct text text = { 0 };
	struct error *err = make_directories(text_printf(&text, "%s/klpkit", dir));

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !err; i++)
		err = put(text_printf(&text, KLPKIT_DATADIR "/include/klpkit/%s", names[i]),
			  text_printf(&text, "%s/klpkit/%s", dir, names[i]));
	return err ?: text_failed(&text);
}
