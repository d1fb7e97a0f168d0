// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the patch files. Out: what they touch, and the module's name. */
#include <ctype.h>
#include <string.h>

#include <klpkit/file.h>
#include "build.h"
#include "steps.h"

static struct error *read_patch(struct build *build, const char *path)
{
	struct patch *patch = &build->patches.items[build->patches.count++];
	struct error *err;

	patch->path = path;
	err = file_read(path, &patch->data, &patch->size);
	if (!err)
		err = patch_file_parse(path, patch->data, patch->size, &patch->file);
	if (!err)
		err = build_input(build, "patch", path);
	for (size_t i = 0; !err && i < patch->file.count; i++)
		list_add(&build->text, &build->patches.touched,
			 text_copy(&build->text, patch->file.items[i].path));
	return err;
}

/* klp_ and the patch's file name, as far as it can be in a module's name. */
static const char *default_name(struct build *build, const char *path)
{
	const char *slash = strrchr(path, '/');
	char name[56] = "klp_";
	size_t length = 4;

	path = slash ? slash + 1 : path;
	for (; *path && length < sizeof(name) - 1; path++) {
		if (!strcmp(path, ".patch") || !strcmp(path, ".diff"))
			break;
		if (isalnum((unsigned char)*path))
			name[length++] = *path;
		else if (name[length - 1] != '_')
			name[length++] = '_';
	}
	while (length > 4 && name[length - 1] == '_')
		length--;
	return text_slice(&build->text, name, length);
}

static bool is_documentation(const char *path)
{
	static const char *const files[] = { "MAINTAINERS",
					     "CREDITS",
					     "COPYING",
					     ".mailmap",
					     ".gitignore",
					     ".clang-format",
					     ".get_maintainer.ignore" };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (starts_with(path, "Documentation/") || starts_with(path, "LICENSES/"))
		return true;
	if (ends_with(name, ".rst") || ends_with(name, ".txt") || starts_with(name, "README"))
		return true;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (!strcmp(name, files[i]))
			return true;
	return false;
}

static struct error *check_touched(const struct list *touched)
{
	for (size_t i = 0; i < touched->count; i++)
		if (!is_documentation(touched->items[i]))
			return NULL;
	return error_create(EXIT_NOTHING, "nothing to do: only documentation is touched (%s%s)",
			    touched->items[0], touched->count > 1 ? ", ..." : "");
}

struct error *step_patches(struct build *build)
{
	const struct options *options = build->options;
	struct error *err = NULL;

	build->patches.items = calloc(options->patch_count, sizeof(*build->patches.items));
	if (!build->patches.items)
		return error_nomem();
	for (size_t i = 0; !err && i < options->patch_count; i++)
		err = read_patch(build, options->patches[i]);
	if (err)
		return err;
	list_unique(&build->patches.touched);
	build->output.name = options->name ?: default_name(build, options->patches[0]);
	build->detail = text_printf(&build->text, "%zu file%s", build->patches.touched.count,
				    build->patches.touched.count == 1 ? "" : "s");
	err = text_failed(&build->text);
	return err ?: check_touched(&build->patches.touched);
}
