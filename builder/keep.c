// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * --keep: NAME.keep/ in the output directory, with original/, patched/ and changed/ objects under
 * their paths, the linked module before it was finished, and the log.
 */
#include <klpkit/file.h>
#include "keep.h"

static struct error *keep_file(const char *from, const char *to)
{
	struct error *err;

	if (!from || !is_file(from))
		return NULL;
	err = make_parents(to);
	return err ?: copy_file(from, to);
}

static struct error *keep_pair(struct build *build, const char *dir, const struct unit *unit)
{
	struct error *err;

	err = keep_file(unit->original,
			text_printf(&build->text, "%s/original/%s", dir, unit->object));
	if (!err)
		err = keep_file(unit->command,
				text_printf(&build->text, "%s/original/%s.cmd", dir, unit->object));
	return err ?: keep_file(unit->patched,
				text_printf(&build->text, "%s/patched/%s", dir, unit->object));
}

static struct error *keep_part(struct build *build, const char *dir, const struct part *part)
{
	const char *path = text_printf(&build->text, "%s/changed/%s", dir, part->unit->object);
	struct error *err;
	const void *data;
	size_t size;

	if (diff_outcome(part->result) != DIFF_CHANGED)
		return NULL;
	data = diff_object(part->result, &size);
	err = make_parents(path);
	return err ?: file_write(path, data, size, 0666);
}

struct error *keep_objects(struct build *build)
{
	const char *dir = text_printf(&build->text, "%s/%s.keep", build->options->output,
				      build->output.name);
	struct error *err = text_failed(&build->text);

	if (err || !build->options->keep || !build->workspace.dir)
		return err;
	err = remove_tree(dir);
	for (size_t i = 0; !err && i < build->plan.count; i++)
		err = keep_pair(build, dir, &build->plan.items[i]);
	for (size_t i = 0; !err && i < build->diff.count; i++)
		err = keep_part(build, dir, &build->diff.items[i]);
	if (!err)
		err = keep_file(build->output.linked,
				text_printf(&build->text, "%s/linked.ko", dir));
	return err ?: keep_file(build->workspace.log, text_printf(&build->text, "%s/log", dir));
}
