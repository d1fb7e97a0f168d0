// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the compiled pairs. Out: what the differ says of each, with the symbols of the image or
 * module that the object is part of.
 */
#include <stdlib.h>

#include "parents.h"
#include "steps.h"

/* Where the proof has found the original's symbols. */
struct settled {
	const struct proof *proof;
	size_t unit;
};

static bool is_settled(const void *data, uint32_t symbol, uint32_t *section_ret,
		       uint64_t *address_ret)
{
	const struct settled *settled = data;

	return proof_found(settled->proof, settled->unit, symbol, section_ret, address_ret);
}

/* Of all of the patch's objects. */
struct names {
	struct diff_names *globals; /* that they define now */
	struct diff_names *own;	    /* functions as they were */
};

static struct error *diff_unit(struct build *build, const struct unit *unit, const struct names *names)
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
		.other_functions = names->globals,
		.own_functions = names->own,
		.layouts = true,
		.apply_data = build->options->apply_data,
		.for_loader = build->options->loader,
		.at_once = build->options->at_once,
		.allowed = build->options->allowed.items,
		.allowed_count = build->options->allowed.count,
		.all_places = build->options->report || build->options->explain,
	};
	const struct parent *parent = build_parent(build, unit);
	struct settled settled = { build->proof.proof, (size_t)(unit - build->plan.items) };
	struct error *err;
	struct part *part;

	if (parent) {
		input.parent = parent->symbols;
		input.image = parent->image;
	}
	if (settled.proof) {
		input.settled = is_settled;
		input.settled_data = &settled;
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

static struct error *list_functions(struct build *build, struct names *ret)
{
	const char **paths = calloc(build->plan.count + 1, sizeof(*paths));
	struct error *err;

	if (!paths)
		return error_nomem();
	for (size_t i = 0; i < build->plan.count; i++)
		paths[i] = build->plan.items[i].patched;
	err = diff_list_functions(paths, build->plan.count, false, &ret->globals);
	for (size_t i = 0; i < build->plan.count; i++)
		paths[i] = build->plan.items[i].original;
	if (!err)
		err = diff_list_functions(paths, build->plan.count, true, &ret->own);
	free(paths);
	return err;
}

/* The findings say the rest; report.c prints them. */
static struct error *diff_verdict(struct build *build)
{
	size_t refused = 0, effective = 0;

	for (size_t i = 0; i < build->diff.count; i++) {
		const struct diff_result *result = build->diff.items[i].result;
		size_t count;
		const struct finding *findings = diff_findings(result, &count);

		refused += diff_outcome(result) == DIFF_REFUSED;
		build->diff.changed += diff_outcome(result) == DIFF_CHANGED;
		effective += diff_effective(result);
		for (size_t j = 0; j < count; j++)
			build->diff.permanent |= findings[j].kind == FINDING_HELD;
	}
	if (refused)
		return error_create(EXIT_REFUSED, "refused: %zu of %zu objects cannot be live "
						  "patched safely, as told above",
				    refused, build->diff.count);
	if (build->diff.changed && !effective)
		return error_create(EXIT_NOTHING, "nothing to do: what is new is used by nothing "
						  "that runs");
	if (!build->diff.changed)
		return error_create(EXIT_NOTHING, "nothing to do: no function has changed (%zu "
						  "object%s compared)",
				    build->diff.count, build->diff.count == 1 ? "" : "s");
	return NULL;
}

struct error *step_diff(struct build *build)
{
	struct names names = { 0 };
	struct error *err = list_functions(build, &names);

	for (size_t i = 0; !err && i < build->plan.count; i++) {
		progress_count(build->progress, i, build->plan.count, build->plan.items[i].source);
		err = diff_unit(build, &build->plan.items[i], &names);
	}
	diff_names_destroy(names.globals);
	diff_names_destroy(names.own);
	err = err ?: diff_verdict(build);
	if (!err)
		build->detail = text_printf(&build->text, "%zu of %zu objects changed",
					    build->diff.changed, build->diff.count);
	return err;
}
