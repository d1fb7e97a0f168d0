// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "parents.h"

static const char *module_path(struct build *build, const struct unit *unit)
{
	static const char *const suffixes[] = { "", ".xz", ".zst", ".gz" };

	for (size_t i = 0; build->kernel.modules && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		const char *path = text_printf(&build->text, "%s/kernel/%s.ko%s",
					       build->kernel.modules, unit->modfile, suffixes[i]);

		if (is_file(path))
			return path;
	}
	return NULL;
}

static struct error *parent_open(struct build *build, const struct unit *unit)
{
	const char *path = module_path(build, unit);
	struct parent *parent;
	struct error *err;

	if (!path)
		return error_create(
			EXIT_ERROR,
			"%s is part of the module %s, and no %s.ko is among the kernel's "
			"modules%s%s; give the right ones with --modules",
			unit->source, unit->module, unit->modfile,
			build->kernel.modules ? " in " : "", build->kernel.modules ?: "");
	parent = array_add(&build->parents);
	if (!parent)
		return error_nomem();
	parent->module = unit->module;
	parent->path = path;
	err = symtab_open_cached(path, &parent->symbols, &parent->image);
	return err ?: build_input(build, "module", path);
}

const struct parent *build_parent(const struct build *build, const struct unit *unit)
{
	for (size_t i = 0; i < build->parents.count; i++)
		if (!strcmp(build->parents.items[i].module, unit->module))
			return &build->parents.items[i];
	return NULL;
}

struct error *parents_open(struct build *build)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		const struct unit *unit = &build->plan.items[i];

		if (strcmp(unit->module, "vmlinux") && !build_parent(build, unit))
			err = parent_open(build, unit);
	}
	return err;
}

void parents_release(struct build_parents *parents)
{
	for (size_t i = 0; i < parents->count; i++) {
		symtab_destroy(parents->items[i].symbols);
		image_destroy(parents->items[i].image);
	}
	free(parents->items);
}
