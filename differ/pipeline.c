// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of the stages: read, model, correlate, compare, place, select, emit. */
#include <stdlib.h>
#include <string.h>

#include <klpkit/diff.h>
#include <klpkit/format.h>

#include "emit.h"

struct diff_result {
	enum diff_outcome outcome;
	bool effective;
	struct findings findings;
	void *object;
	size_t object_size;
};

/* What one run makes on its way, in the order in which it is made. */
struct pipeline {
	struct object *orig_object, *patched_object;
	struct model *orig, *patched;
	struct correlation *correlation;
	struct comparison *comparison;
	struct places *places;
	struct selection *selection;
};

static void pipeline_destroy(struct pipeline *pipeline)
{
	selection_destroy(pipeline->selection);
	places_destroy(pipeline->places);
	comparison_destroy(pipeline->comparison);
	correlation_destroy(pipeline->correlation);
	model_destroy(pipeline->patched);
	model_destroy(pipeline->orig);
	object_destroy(pipeline->patched_object);
	object_destroy(pipeline->orig_object);
}

static enum diff_outcome pipeline_outcome(const struct pipeline *pipeline,
					  const struct findings *findings)
{
	size_t i;

	if (findings_count(findings, FINDING_REFUSED))
		return DIFF_REFUSED;
	if (pipeline->selection->applied.count)
		return DIFF_CHANGED;
	for (i = 0; i < pipeline->patched->units.count; i++)
		if (pipeline->selection->carry[i] == CARRY_REPLACED ||
		    pipeline->selection->carry[i] == CARRY_NEW)
			return DIFF_CHANGED;
	return DIFF_UNCHANGED;
}

static bool pipeline_effective(const struct pipeline *pipeline)
{
	const struct object *object = pipeline->patched_object;
	size_t i;

	if (pipeline->selection->applied.count)
		return true;
	for (i = 0; i < pipeline->patched->units.count; i++)
		if (pipeline->selection->carry[i] == CARRY_REPLACED)
			return true;
	for (i = 1; i < object->section_count; i++)
		if (!strcmp(object->sections[i].name, KLPKIT_SEC_AUTHOR_CALLBACKS))
			return true;
	return false;
}

static struct error *pipeline_run(struct pipeline *pipeline, const struct diff_input *input,
				  struct diff_result *result)
{
	struct error *err;

	err = object_read(input->orig_path, &pipeline->orig_object);
	if (!err)
		err = object_read(input->patched_path, &pipeline->patched_object);
	if (!err)
		err = model_create(pipeline->orig_object, &pipeline->orig);
	if (!err)
		err = model_create(pipeline->patched_object, &pipeline->patched);
	if (!err)
		err = correlate(pipeline->orig, pipeline->patched, &pipeline->correlation);
	if (!err)
		err = compare(pipeline->correlation, &pipeline->comparison);
	if (!err)
		err = places_create(pipeline->orig, input, &pipeline->places);
	if (!err)
		err = select_units(input, pipeline->correlation, pipeline->comparison,
				   pipeline->places, &result->findings, &pipeline->selection);
	if (err)
		return err;
	result->outcome = pipeline_outcome(pipeline, &result->findings);
	if (result->outcome != DIFF_CHANGED)
		return NULL;
	result->effective = pipeline_effective(pipeline);
	return emit_object(pipeline->selection, &result->object, &result->object_size);
}

struct error *diff_run(const struct diff_input *input, struct diff_result **ret)
{
	struct diff_result *result = calloc(1, sizeof(*result));
	struct pipeline pipeline = { 0 };
	struct error *err;

	if (!result)
		return error_nomem();
	result->findings.all_places = input->all_places;
	err = pipeline_run(&pipeline, input, result);
	pipeline_destroy(&pipeline);
	if (err) {
		diff_result_destroy(result);
		return err;
	}
	*ret = result;
	return NULL;
}

void diff_result_destroy(struct diff_result *result)
{
	if (!result)
		return;
	findings_destroy(&result->findings);
	free(result->object);
	free(result);
}

enum diff_outcome diff_outcome(const struct diff_result *result)
{
	return result->outcome;
}

bool diff_effective(const struct diff_result *result)
{
	return result->effective;
}

const struct finding *diff_findings(const struct diff_result *result, size_t *count_ret)
{
	*count_ret = result->findings.count;
	return result->findings.items;
}

const void *diff_object(const struct diff_result *result, size_t *size_ret)
{
	*size_ret = result->object_size;
	return result->object;
}
