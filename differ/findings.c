// SPDX-License-Identifier: GPL-2.0-or-later
/* The record of what was found and decided. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"

const char *finding_kind_name(enum finding_kind kind)
{
	static const char *const names[] = {
		[FINDING_CHANGED_FUNC] = "changed function",
		[FINDING_NEW_FUNC] = "new function",
		[FINDING_NEW_DATA] = "new variable",
		[FINDING_FRESH_DATA] = "fresh variable",
		[FINDING_APPLIED_DATA] = "applied variable",
		[FINDING_CARRIED_FUNC] = "carried function",
		[FINDING_NOTE] = "note",
		[FINDING_WARNING] = "warning",
		[FINDING_HELD] = "permanent because of",
		[FINDING_REFUSED] = "refused",
	};

	return names[kind];
}

static void finding_locate(struct findings *findings, struct finding *finding,
			   const struct model *model, const char *name)
{
	const char *file;

	if (!findings->lines)
		findings->lines = lines_open(model->object->path);
	if (!findings->lines)
		findings->out_of_memory = true;
	else if (lines_find(findings->lines, name, &file, &finding->line))
		finding->file = arena_strdup(&findings->arena, file);
}

/* See report.c. */
static bool kind_has_place(enum finding_kind kind)
{
	return kind == FINDING_NOTE || kind == FINDING_WARNING || kind == FINDING_HELD ||
	       kind == FINDING_REFUSED;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The last one says of its function what another one does already: a key that it uses in several places. */
static bool last_is_told(const struct findings *findings)
{
	const struct finding *last = &findings->items[findings->count - 1];

	for (const struct finding *other = last; other-- > findings->items && same_text(other->symbol, last->symbol);)
		if (other->kind == last->kind && same_text(other->code, last->code) &&
		    same_text(other->section, last->section) && same_text(other->reason, last->reason))
			return true;
	return false;
}

void findings_add(struct findings *findings, const struct model *model, uint32_t unit,
		  enum finding_kind kind, const char *code, const char *advice, const char *fmt,
		  ...)
{
	struct finding *finding = array_add(findings);
	va_list args;

	if (!finding) {
		findings->out_of_memory = true;
		return;
	}
	finding->kind = kind;
	finding->code = code;
	finding->advice = advice;
	va_start(args, fmt);
	finding->reason = arena_vprintf(&findings->arena, fmt, args);
	va_end(args);
	if (!finding->reason)
		findings->out_of_memory = true;
	if (unit == UNIT_NONE)
		return;
	finding->section =
		arena_strdup(&findings->arena,
			     unit_section(model, &model->units.items[unit])->name);
	if (model->units.items[unit].name) {
		finding->symbol =
			arena_strdup(&findings->arena, model->units.items[unit].name);
		if (finding->symbol && (findings->all_places || kind_has_place(kind)))
			finding_locate(findings, finding, model, finding->symbol);
	}
	if (last_is_told(findings))
		findings->count--;
}

void findings_add_other(struct findings *findings, struct finding finding)
{
	struct finding *place = array_add(findings);

	if (place)
		*place = finding;
	if (!place || !finding.reason)
		findings->out_of_memory = true;
}

size_t findings_count(const struct findings *findings, enum finding_kind kind)
{
	size_t i, count = 0;

	for (i = 0; i < findings->count; i++)
		count += findings->items[i].kind == kind;
	return count;
}

void findings_destroy(struct findings *findings)
{
	lines_close(findings->lines);
	findings->lines = NULL;
	free(findings->items);
	findings->items = NULL;
	arena_destroy(&findings->arena);
}
