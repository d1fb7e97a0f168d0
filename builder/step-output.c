// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the module in the workspace. Out: the module where the user wants it, whole. */
#include <stdlib.h>

#include <klpkit/file.h>
#include "steps.h"

/* --keep: what the module was made of, under the names of their sources. */
static struct error *keep_object(struct build *build, const char *dir, const struct part *part)
{
	const struct unit *unit = part->unit;
	char *flat = (char *)text_copy(&build->text, unit->source);
	const void *object;
	struct error *err;
	size_t size;

	for (char *at = flat; *at; at++)
		if (*at == '/')
			*at = '_';
	err = text_failed(&build->text);
	err = err ?: copy_file(unit->original, text_printf(&build->text, "%s/%s.orig.o", dir, flat));
	err = err ?: copy_file(unit->patched,
			       text_printf(&build->text, "%s/%s.patched.o", dir, flat));
	if (err || diff_outcome(part->result) != DIFF_CHANGED)
		return err;
	object = diff_object(part->result, &size);
	return file_write(text_printf(&build->text, "%s/%s.diff.o", dir, flat), object, size, 0666);
}

static struct error *keep_all(struct build *build)
{
	const char *dir = text_printf(&build->text, "%s/%s.kept", build->options->output,
				      build->output.name);
	struct error *err = text_failed(&build->text) ?: make_directories(dir);

	for (size_t i = 0; !err && i < build->diff.count; i++)
		err = keep_object(build, dir, &build->diff.items[i]);
	return err ?: copy_file(build->workspace.log, text_printf(&build->text, "%s/log", dir));
}

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
	return build->options->keep ? keep_all(build) : NULL;
}
