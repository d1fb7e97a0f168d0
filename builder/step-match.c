// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the compiled originals. Out: the modules that they are part of; and the proof that they are
 * what runs.
 */
#include <stdlib.h>

#include "parents.h"
#include "steps.h"

struct error *proof_failed(struct build *build, const char *what)
{
	size_t count;
	const struct proof_complaint *complaints = proof_complaints(build->proof.proof, &count);
	const char *text = what;

	for (size_t i = 0; i < count && i < 10; i++)
		text = text_printf(&build->text, "%s\n  %s%s%s%s%s", text,
				   complaints[i].source ?: "", complaints[i].source ? ": " : "",
				   complaints[i].symbol ?: "", complaints[i].symbol ? ": " : "",
				   complaints[i].text);
	if (count > 10)
		text = text_printf(&build->text, "%s\n  and %zu more", text, count - 10);
	return text_failed(&build->text) ?: error_create(EXIT_ERROR, "%s", text);
}

static void describe_unit(const struct build *build, const struct unit *unit,
			  struct proof_unit *ret)
{
	const struct parent *parent = build_parent(build, unit);

	*ret = (struct proof_unit){
		.source = unit->source,
		.original = unit->original,
		.patched = unit->patched,
		.module = unit->module,
		.parent_path = parent ? parent->path : build->kernel.image,
		.parent = parent ? parent->image : NULL,
	};
}

static struct error *match(struct build *build)
{
	const struct proof_kernel kernel = {
		.vmlinux = build->kernel.vmlinux,
		.symbols = build->kernel.symbols,
		.exports = build->kernel.exports,
		.compiler = build->tools.version,
		.version = build->kernel.version,
	};
	struct build_proof *proof = &build->proof;
	const struct proof_summary *summary;
	struct error *err;
	size_t count;

	proof->units = calloc(build->plan.count + 1, sizeof(*proof->units));
	if (!proof->units)
		return error_nomem();
	for (size_t i = 0; i < build->plan.count; i++)
		describe_unit(build, &build->plan.items[i], &proof->units[i]);
	err = proof_create(&kernel, proof->units, build->plan.count, &proof->proof);
	if (!err)
		err = proof_originals(proof->proof);
	if (err)
		return err;
	proof_complaints(proof->proof, &count);
	if (count)
		return proof_failed(build, "the compiled originals are not what the kernel runs:");
	summary = proof_summary(proof->proof);
	build->detail = text_printf(&build->text,
				    "%zu functions and %zu variables are what runs",
				    summary->functions, summary->data);
	return NULL;
}

struct error *step_match(struct build *build)
{
	struct error *err = parents_open(build);

	build->detail = "not asked for";
	return err || build->options->no_proof ? err : match(build);
}
