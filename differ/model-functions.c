// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions by their names. In: the units. Out: model->functions. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* A name as long as all of the other, then by it. */
static int name_order(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int function_compare(const void *left, const void *right, void *data)
{
	const struct model *model = data;
	const uint32_t *a = left, *b = right;
	int order = strcmp(model->units.items[*a].name, model->units.items[*b].name);

	return order ? order : (*a > *b) - (*a < *b);
}

struct error *model_index_functions(struct model *model)
{
	model->functions = malloc((model->units.count + 1) * sizeof(*model->functions));
	if (!model->functions)
		return error_nomem();
	for (uint32_t i = 0; i < model->units.count; i++)
		if (model->units.items[i].kind == UNIT_FUNC && model->units.items[i].name)
			model->functions[model->function_count++] = i;
	if (model->function_count)
		qsort_r(model->functions, model->function_count, sizeof(*model->functions),
			function_compare, model);
	return NULL;
}

size_t model_functions(const struct model *model, const char *name, size_t length,
		       const uint32_t **units_ret)
{
	size_t low = 0, high = model->function_count, count = 0;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *other = model->units.items[model->functions[middle]].name;

		if (name_order(other, strlen(other), name, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*units_ret = &model->functions[low];
	while (low + count < model->function_count) {
		const char *other = model->units.items[model->functions[low + count]].name;

		if (name_order(other, strlen(other), name, length))
			break;
		count++;
	}
	return count;
}
