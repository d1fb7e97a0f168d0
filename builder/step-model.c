// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the patch needs of a consistency model, by what changes: one function can be old for one task and new for the
 * next; several may rely on each other, so a task must have left them all, and have them all at once; and words that
 * change in the moment of the switch must have nobody before or behind them. The author may ask for more.
 */
#include <string.h>

#include "build.h"
#include "steps.h"

struct census {
	size_t functions, words;
	const char *first, *last; /* of the functions */
	const char *word;
	const char *type; /* whose old instances must be gone when anything new runs */
};

static bool is_immediate(const struct option_list *immediate, const char *function)
{
	for (size_t i = 0; i < immediate->count; i++)
		if (!strcmp(immediate->items[i], function))
			return true;
	return false;
}

/* Those that the author has said do not rely on others are not counted. */
static void count(struct census *census, const struct diff_result *result, const struct option_list *immediate)
{
	size_t found;
	const struct finding *findings = diff_findings(result, &found);

	for (size_t i = 0; i < found; i++) {
		if (findings[i].kind == FINDING_APPLIED_DATA) {
			census->words++;
			census->word = findings[i].symbol;
		} else if (!strcmp(findings[i].code, FINDING_AT_ONCE)) {
			census->type = findings[i].symbol;
		} else if (findings[i].kind == FINDING_CHANGED_FUNC &&
			   !is_immediate(immediate, findings[i].symbol)) {
			census->first = census->functions++ ? census->first : findings[i].symbol;
			census->last = findings[i].symbol;
		}
	}
}

static void derive(struct build *build, const struct census *census)
{
	struct build_model *model = &build->model;

	if (census->words && build->options->at_once) {
		model->needs = (struct consistency){ LEAVE_SET, TOGETHER_KERNEL };
		model->why = text_printf(&build->text, "words of %s change in the moment of the switch", census->word);
	} else if (census->type) {
		model->needs = (struct consistency){ LEAVE_SET, TOGETHER_KERNEL };
		model->why = text_printf(&build->text, "%s is laid out otherwise, and what has one shares it", census->type);
	} else if (census->functions > 1) {
		model->needs = (struct consistency){ LEAVE_SET, TOGETHER_THREAD };
		model->why = text_printf(&build->text, "%zu functions change, %s to %s, and may rely on each other",
					 census->functions, census->first, census->last);
	} else {
		model->why = text_printf(&build->text, "one function changes at most");
	}
	if (!consistency_meets(model->needs, build->options->minimum)) {
		model->needs = consistency_both(model->needs, build->options->minimum);
		model->why = text_printf(&build->text, "%s, and --minimum asks for more", model->why);
	}
}

static bool changes(const struct diff_result *result, const char *function)
{
	size_t found;
	const struct finding *findings = diff_findings(result, &found);

	for (size_t i = 0; i < found; i++)
		if (findings[i].kind == FINDING_CHANGED_FUNC && !strcmp(findings[i].symbol, function))
			return true;
	return false;
}

/* The glue knows them by name, and so does the author: of two with one name nobody could say which is meant. */
static struct error *check_immediate(const struct build *build)
{
	const struct option_list *immediate = &build->options->immediate;

	for (size_t i = 0; i < immediate->count; i++) {
		const struct part *first = NULL, *part;

		for (part = build->diff.items; part < build->diff.items + build->diff.count; part++) {
			if (!changes(part->result, immediate->items[i]))
				continue;
			if (first)
				return error_create(EXIT_ERROR,
						    "--immediate %s: the patch changes one in %s and one in %s: leave it out, "
						    "or make two patches",
						    immediate->items[i], first->unit->source, part->unit->source);
			first = part;
		}
		if (!first)
			return error_create(EXIT_ERROR, "--immediate %s: the patch does not change such a function",
					    immediate->items[i]);
	}
	return NULL;
}

struct error *step_model(struct build *build)
{
	const char *name = build->options->model ? build->options->model : "task";
	const struct consistency_model *model = consistency_find(name);
	struct census census = { 0 };
	struct error *err = check_immediate(build);

	if (err)
		return err;
	for (size_t i = 0; i < build->diff.count; i++)
		count(&census, build->diff.items[i].result, &build->options->immediate);
	derive(build, &census);
	build->detail = text_printf(&build->text, "%s", consistency_text(build->model.needs));
	if (consistency_meets(model->gives, build->model.needs))
		return NULL;
	return error_create(EXIT_REFUSED,
			    "the model %s gives %s, and the patch needs %s: %s; --backend loader has other models",
			    name, consistency_text(model->gives), consistency_text(build->model.needs),
			    build->model.why ? build->model.why : "");
}
