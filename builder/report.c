// SPDX-License-Identifier: GPL-2.0-or-later
/* What came out: the findings and the module for people, everything as JSON. */
#include <stdlib.h>
#include <string.h>

#include <klpkit/file.h>
#include <klpkit/report.h>
#include "report.h"

static void print_findings(const struct build *build)
{
	enum report_detail detail = build->options->explain ? REPORT_ALL : REPORT_USUAL;

	for (size_t i = 0; i < build->diff.count; i++) {
		const struct part *part = &build->diff.items[i];
		size_t count;
		const struct finding *findings = diff_findings(part->result, &count);

		report_print(stdout, stderr, part->unit->source, findings, count, detail);
		if (build->options->explain && diff_outcome(part->result) == DIFF_UNCHANGED)
			printf("%s: no functional change\n", part->unit->source);
	}
	for (size_t i = 0; i < build->plan.left_out.count; i++)
		printf("left out: %s\n", build->plan.left_out.items[i]);
	fflush(stdout);
	for (size_t i = 0; i < build->plan.refused.count; i++)
		fprintf(stderr, "refused: %s\n", build->plan.refused.items[i]);
}

static void print_module(const struct build *build)
{
	if (build->diff.permanent)
		printf("%s: permanent: it can be disabled but not removed\n", build->output.name);
	printf("%s\n", build->output.module);
}

static json_t *json_of_list(const struct list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string_nocheck(list->items[i]));
	return array;
}

static json_t *json_of_build_id(const struct image *image)
{
	size_t size;
	const uint8_t *id = image ? image_build_id(image, &size) : NULL;
	char hex[129] = "";

	if (!id)
		return json_null();
	for (size_t i = 0; i < size && i < 64; i++)
		sprintf(hex + 2 * i, "%02x", id[i]);
	return json_string(hex);
}

static json_t *json_of_inputs(const struct build *build)
{
	json_t *array = json_array();

	for (size_t i = 0; i < build->input_count; i++)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "role",
						       build->inputs[i].role, "path",
						       build->inputs[i].path, "sha256",
						       build->inputs[i].sha256));
	return array;
}

static json_t *json_of_kernel(const struct build *build)
{
	const struct build_kernel *kernel = &build->kernel;

	return json_pack("{s:s?, s:s?, s:s?, s:o}", "release", kernel->release, "version",
			 kernel->version, "package", kernel->package, "build_id",
			 json_of_build_id(kernel->vmlinux));
}

static json_t *json_of_steps(const struct build *build)
{
	json_t *array = json_array();

	for (size_t i = 0; i < build->time_count; i++)
		if (build->times[i].name)
			json_array_append_new(array, json_pack("{s:s, s:f}", "step",
							       build->times[i].name, "seconds",
							       build->times[i].seconds));
	return array;
}

static json_t *json_of_modules(const struct build *build)
{
	json_t *array = json_array();

	for (size_t i = 0; i < build->parents.count; i++)
		json_array_append_new(
			array, json_pack("{s:s, s:o}", "module", build->parents.items[i].module,
					 "build_id",
					 json_of_build_id(build->parents.items[i].image)));
	return array;
}

static json_t *json_of_objects(const struct build *build)
{
	static const char *const outcomes[] = { "changed", "unchanged", "refused" };
	json_t *array = json_array();

	for (size_t i = 0; i < build->diff.count; i++) {
		const struct part *part = &build->diff.items[i];
		size_t count;
		const struct finding *findings = diff_findings(part->result, &count);

		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:s, s:b, s:o}", "source",
						part->unit->source, "module", part->unit->module,
						"outcome", outcomes[diff_outcome(part->result)],
						"through_header", !part->unit->touched, "decisions",
						report_json(findings, count)));
	}
	return array;
}

static json_t *json_of_reach(const struct build_plan *plan)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o}", "including", (json_int_t)plan->reached,
			 "built", (json_int_t)plan->built, "preprocessed",
			 (json_int_t)plan->preprocessed, "compiled", (json_int_t)plan->kept,
			 "left_out", json_of_list(&plan->left_out),
			 "refused", json_of_list(&plan->refused));
}

/* null where it was not asked for, or not reached. */
static json_t *json_of_proof(const struct build *build)
{
	const struct proof_summary *summary;
	const struct proof_complaint *complaints;
	json_t *array;
	size_t count;

	if (!build->proof.proof)
		return json_null();
	summary = proof_summary(build->proof.proof);
	complaints = proof_complaints(build->proof.proof, &count);
	array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_pack("{s:s?, s:s?, s:s}", "source",
						       complaints[i].source, "symbol",
						       complaints[i].symbol, "complaint",
						       complaints[i].text));
	return json_pack("{s:{s:I, s:I, s:I, s:I, s:I, s:I}, s:{s:b, s:I, s:I, s:I, s:I}, s:o}",
			 "originals", "functions", (json_int_t)summary->functions, "variables",
			 (json_int_t)summary->data, "implied", (json_int_t)summary->implied,
			 "ambiguous", (json_int_t)summary->ambiguous, "absent",
			 (json_int_t)summary->absent, "overridden",
			 (json_int_t)summary->overridden, "module", "complete",
			 build->proof.complete, "carried", (json_int_t)summary->carried,
			 "references", (json_int_t)summary->references, "entries",
			 (json_int_t)summary->entries, "instructions",
			 (json_int_t)summary->frames, "complaints", array);
}

static struct error *write_report(const struct build *build, const struct error *err)
{
	json_t *root = json_pack(
		"{s:i, s:s?, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:b, s:s, s:s, s:{s:s, s:s?}, s:s?}", "exit",
		err ? (int)err->exit : 0, "error", err ? err->message : NULL, "inputs",
		json_of_inputs(build), "kernel", json_of_kernel(build), "compiler",
		build->tools.version, "steps", json_of_steps(build), "modules",
		json_of_modules(build), "objects", json_of_objects(build), "headers",
		json_of_reach(&build->plan), "proof", json_of_proof(build), "permanent", build->diff.permanent,
		"backend", build->options->loader ? "loader" : "livepatch", "model",
		build->options->model ?: "task", "minimum", "needs", consistency_text(build->model.needs), "why",
		build->model.why, "output", build->output.module);
	char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	struct error *failed;

	failed = text ? file_write(build->options->report, text, strlen(text), 0666) :
			error_nomem();
	free(text);
	json_decref(root);
	return failed;
}

struct error *report_result(struct build *build, struct error *err)
{
	struct error *failed;

	print_findings(build);
	if (!err)
		print_module(build);
	fflush(stdout);
	if (!build->options->report)
		return err;
	failed = write_report(build, err);
	if (!failed)
		return err;
	error_destroy(err);
	return failed;
}
