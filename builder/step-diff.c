// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the compiled pairs. Out: what the differ says of each, with the symbols of the image or
 * module that the object is part of.
 */
#include <stdlib.h>
#include <string.h>

#include "steps.h"

static bool unit_is_builtin(const struct unit *unit)
{
	return !strcmp(unit->module, "vmlinux");
}

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

static struct parent *parent_add(struct build_diff *diff)
{
	struct {
		struct parent *items;
		size_t count, room;
	} parents = { diff->parents, diff->parent_count, diff->parent_room };
	struct parent *parent = array_add(&parents);

	if (parent) {
		diff->parents = parents.items;
		diff->parent_count = parents.count;
		diff->parent_room = parents.room;
	}
	return parent;
}

/* The module that owns the object: its symbols, its build-id. Opened once. */
static struct error *parent_open(struct build *build, const struct unit *unit,
				 struct parent **ret)
{
	struct build_diff *diff = &build->diff;
	struct parent *parent;
	const char *path;
	struct error *err;

	for (size_t i = 0; i < diff->parent_count; i++) {
		*ret = &diff->parents[i];
		if (!strcmp(diff->parents[i].module, unit->module))
			return NULL;
	}
	path = module_path(build, unit);
	if (!path)
		return error_create(
			EXIT_ERROR,
			"%s is part of the module %s, and no %s.ko is among the kernel's "
			"modules%s%s; give the right ones with --modules",
			unit->source, unit->module, unit->modfile,
			build->kernel.modules ? " in " : "", build->kernel.modules ?: "");
	parent = parent_add(diff);
	if (!parent)
		return error_nomem();
	parent->module = unit->module;
	parent->path = path;
	err = symtab_open(path, &parent->symbols, &parent->image);
	*ret = parent;
	return err ?: build_input(build, "module", path);
}

static struct error *diff_unit(struct build *build, const struct unit *unit,
			       const struct diff_names *functions)
{
	struct diff_input input = {
		.orig_path = unit->original,
		.patched_path = unit->patched,
		.parent_name = unit->module,
		.parent = build->kernel.symbols,
		.image = build->kernel.vmlinux,
		.vmlinux = build->kernel.symbols,
		.vmlinux_image = build->kernel.vmlinux,
		.symvers = build->kernel.exports,
		.other_functions = functions,
	};
	struct parent *parent = NULL;
	struct error *err;
	struct part *part;

	if (!unit_is_builtin(unit)) {
		err = parent_open(build, unit, &parent);
		if (err)
			return err;
		input.parent = parent->symbols;
		input.image = parent->image;
	}
	part = array_add(&build->diff);
	if (!part)
		return error_nomem();
	part->unit = unit;
	err = diff_run(&input, &part->result);
	if (err) {
		build->diff.count--;
		return error_prefix(err, "%s", unit->source);
	}
	return NULL;
}

static struct error *list_functions(struct build *build, struct diff_names **ret)
{
	const char **paths = calloc(build->plan.count + 1, sizeof(*paths));
	struct error *err;

	if (!paths)
		return error_nomem();
	for (size_t i = 0; i < build->plan.count; i++)
		paths[i] = build->plan.items[i].patched;
	err = diff_list_functions(paths, build->plan.count, ret);
	free(paths);
	return err;
}

/* The findings say the rest; report.c prints them. */
static struct error *diff_verdict(struct build *build)
{
	size_t refused = 0;

	for (size_t i = 0; i < build->diff.count; i++) {
		const struct diff_result *result = build->diff.items[i].result;
		size_t count;
		const struct finding *findings = diff_findings(result, &count);

		refused += diff_outcome(result) == DIFF_REFUSED;
		build->diff.changed += diff_outcome(result) == DIFF_CHANGED;
		for (size_t j = 0; j < count; j++)
			build->diff.permanent |= findings[j].kind == FINDING_HELD;
	}
	if (refused)
		return error_create(EXIT_REFUSED, "refused: %zu of %zu objects cannot be live "
						  "patched safely, as told above",
				    refused, build->diff.count);
	if (!build->diff.changed)
		return error_create(EXIT_NOTHING, "nothing to do: no function has changed (%zu "
						  "object%s compared)",
				    build->diff.count, build->diff.count == 1 ? "" : "s");
	return NULL;
}

struct error *step_diff(struct build *build)
{
	struct diff_names *functions = NULL;
	struct error *err = list_functions(build, &functions);

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		progress_count(build->progress, i, build->plan.count, build->plan.items[i].source);
		err = diff_unit(build, &build->plan.items[i], functions);
	}
	diff_names_destroy(functions);
	err = err ?: diff_verdict(build);
	if (!err)
		build->detail = text_printf(&build->text, "%zu of %zu objects changed",
					    build->diff.changed, build->diff.count);
	return err;
}
