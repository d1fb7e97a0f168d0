// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the module in the workspace. Out: the module where the user wants it, whole. */
#include <stdlib.h>

#include <klpkit/file.h>
#include "steps.h"

struct error *step_output(struct build *build)
{
	auto_free char *data = NULL;
	const char *path;
	struct error *err;
	size_t size;

	path = text_printf(&build->text, "%s/%s.ko", build->options->output, build->output.name);
	err = text_failed(&build->text);
	err = err ?: make_directories(build->options->output);
	err = err ?: file_read(build->output.linked, &data, &size);
	err = err ?: file_write(path, data, size, 0644);
	if (err)
		return err;
	build->output.module = build->detail = path;
	return NULL;
}
