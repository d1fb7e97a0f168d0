// SPDX-License-Identifier: GPL-2.0-or-later
/* In: two objects. Out: the first four stages' result as a list, and who uses what is in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <klpkit/changes.h>

#include "compare.h"
#include "findings.h"
#include "read-inlines.h"

struct changes {
	struct arena arena; /* owns every string */
	struct {
		struct change *items;
		size_t count, room;
	} list;
	struct {
		struct change_edge *items;
		size_t count, room;
	} edges;
};

struct stages {
	struct object *orig_object, *patched_object;
	struct model *orig, *patched;
	struct correlation *correlation;
	struct comparison *comparison;
	struct lines *orig_lines, *patched_lines;
	struct inlines *inlines; /* of the patched one */
};

static void stages_release(struct stages *stages)
{
	inlines_destroy(stages->inlines);
	lines_close(stages->orig_lines);
	lines_close(stages->patched_lines);
	comparison_destroy(stages->comparison);
	correlation_destroy(stages->correlation);
	model_destroy(stages->patched);
	model_destroy(stages->orig);
	object_destroy(stages->patched_object);
	object_destroy(stages->orig_object);
}

static struct error *stages_run(struct stages *stages, const char *orig, const char *patched)
{
	struct error *err = object_read(orig, &stages->orig_object);

	if (!err)
		err = object_read(patched, &stages->patched_object);
	if (!err)
		err = model_create(stages->orig_object, &stages->orig);
	if (!err)
		err = model_create(stages->patched_object, &stages->patched);
	if (!err)
		err = correlate(stages->orig, stages->patched, &stages->correlation);
	return err ?: compare(stages->correlation, &stages->comparison);
}

/* What has a name of the source's, and is more than a number of the compiler's. */
static bool is_listed(const struct model *model, const struct unit *unit)
{
	return (unit->kind == UNIT_FUNC || unit->kind == UNIT_DATA) && unit->name &&
	       unit_fresh(model, unit) == FRESH_NO;
}

static struct error *add(struct changes *changes, enum change_kind kind, const struct model *model,
			 const struct unit *unit, struct lines **lines, const char *why)
{
	struct change *change = array_add(&changes->list);
	const char *file = NULL;

	if (!change)
		return error_nomem();
	change->kind = kind;
	change->function = unit->kind == UNIT_FUNC;
	change->name = arena_strdup(&changes->arena, unit->name);
	change->why = arena_strdup(&changes->arena, why);
	if (!*lines)
		*lines = lines_open(model->object->path);
	if (!*lines)
		return error_nomem();
	if (lines_find(*lines, unit->name, &file, &change->line))
		change->file = arena_strdup(&changes->arena, file);
	return change->name && change->why && (!file || change->file) ? NULL : error_nomem();
}

static const char *clone_of(const char *name)
{
	static const struct {
		const char *mark, *why;
	} clones[] = {
		{ ".cold", "a part that the compiler split off (.cold)" },
		{ ".part.", "a part that the compiler split off (.part)" },
		{ ".isra.", "a clone that the compiler made (.isra)" },
		{ ".constprop.", "a clone that the compiler made (.constprop)" },
	};

	for (size_t i = 0; i < sizeof(clones) / sizeof(*clones); i++)
		if (strstr(name, clones[i].mark))
			return clones[i].why;
	return NULL;
}

/* ", in code of X, inlined by way of Y": where the code begins to differ. */
static struct error *say_inlined(struct stages *stages, uint32_t id, char *buffer, size_t size)
{
	const struct unit *unit = &stages->patched->units.items[id];

	if (!stages->inlines)
		stages->inlines = inlines_read(stages->patched->object->path);
	if (!stages->inlines)
		return error_nomem();
	inlines_say(stages->inlines, unit->name,
		    unit->entry + stages->comparison->first_change[id], buffer, size);
	return NULL;
}

static struct error *add_patched(struct changes *changes, struct stages *stages, uint32_t id)
{
	const struct model *model = stages->patched;
	const struct unit *unit = &model->units.items[id];
	const char *reason = stages->comparison->reasons[id], *clone;
	struct error *err = NULL;
	char why[512];
	size_t used;

	if (!is_listed(model, unit))
		return NULL;
	clone = clone_of(unit->name);
	switch (stages->comparison->verdicts[id]) {
	case VERDICT_NEW:
		return add(changes, CHANGE_NEW, model, unit, &stages->patched_lines,
			   clone ?: "the old object does not have it");
	case VERDICT_CHANGED:
		used = (size_t)snprintf(why, sizeof(why), "%s differs%s%s", reason,
					clone ? "; " : "", clone ?: "");
		if (unit->kind == UNIT_FUNC && used < sizeof(why))
			err = say_inlined(stages, id, why + used, sizeof(why) - used);
		return err ?: add(changes, CHANGE_CHANGED, model, unit, &stages->patched_lines, why);
	default:
		return NULL;
	}
}

static struct error *add_gone(struct changes *changes, struct stages *stages, uint32_t id)
{
	const struct unit *unit = &stages->orig->units.items[id];

	if (!is_listed(stages->orig, unit) || stages->correlation->of_orig[id] != UNIT_NONE)
		return NULL;
	return add(changes, CHANGE_GONE, stages->orig, unit, &stages->orig_lines,
		   clone_of(unit->name) ?: "the new object does not have it");
}

static bool is_in_list(const struct stages *stages, uint32_t id)
{
	enum verdict verdict = stages->comparison->verdicts[id];

	return is_listed(stages->patched, &stages->patched->units.items[id]) &&
	       (verdict == VERDICT_NEW || verdict == VERDICT_CHANGED);
}

static struct error *add_edge(struct changes *changes, const char *from, const char *to,
			      enum change_use use)
{
	struct change_edge *edge = array_add(&changes->edges);

	if (!edge)
		return error_nomem();
	edge->from = arena_strdup(&changes->arena, from);
	edge->to = arena_strdup(&changes->arena, to);
	edge->use = use;
	return edge->from && edge->to ? NULL : error_nomem();
}

static struct error *add_edges(struct changes *changes, const struct stages *stages, uint32_t id)
{
	static const enum change_use uses[] = {
		[FLOW_DATA] = CHANGE_REFERS,
		[FLOW_CALL] = CHANGE_CALLS,
		[FLOW_JUMP] = CHANGE_JUMPS,
	};
	const struct model *model = stages->patched;
	const struct unit *unit = &model->units.items[id];
	size_t first = changes->edges.count;

	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		struct error *err;
		const char *to;
		bool known = false;

		if (ref.unit == UNIT_NONE || ref.unit == id || !unit->name ||
		    !is_in_list(stages, ref.unit))
			continue;
		to = model->units.items[ref.unit].name;
		for (size_t n = first; n < changes->edges.count; n++)
			known |= !strcmp(changes->edges.items[n].to, to) &&
				 changes->edges.items[n].use == uses[ref.flow];
		if (known)
			continue;
		err = add_edge(changes, unit->name, to, uses[ref.flow]);
		if (err)
			return err;
	}
	return NULL;
}

/* From the function to what it inlines, and on to the innermost, where the change is in that. */
static struct error *add_inlined(struct changes *changes, const struct stages *stages, uint32_t id)
{
	const struct unit *unit = &stages->patched->units.items[id];
	uint64_t address = unit->entry + stages->comparison->first_change[id];
	const char *to = NULL;
	struct error *err = NULL;

	if (unit->kind != UNIT_FUNC || stages->comparison->verdicts[id] != VERDICT_CHANGED ||
	    !is_listed(stages->patched, unit))
		return NULL;
	for (unsigned int depth = 0; !err; depth++) {
		const char *by = inlines_at(stages->inlines, unit->name, address, depth);

		if (to)
			err = add_edge(changes, by ?: unit->name, to, CHANGE_INLINES);
		if (!by)
			break;
		to = by;
	}
	return err;
}

struct error *changes_create(const char *orig_path, const char *patched_path, struct changes **ret)
{
	struct changes *changes = calloc(1, sizeof(*changes));
	struct stages stages = { 0 };
	struct error *err;

	if (!changes)
		return error_nomem();
	err = stages_run(&stages, orig_path, patched_path);
	for (uint32_t i = 0; !err && i < stages.patched->units.count; i++)
		err = add_patched(changes, &stages, i);
	for (uint32_t i = 0; !err && i < stages.orig->units.count; i++)
		err = add_gone(changes, &stages, i);
	for (uint32_t i = 0; !err && i < stages.patched->units.count; i++)
		err = add_edges(changes, &stages, i);
	for (uint32_t i = 0; !err && i < stages.patched->units.count; i++)
		err = add_inlined(changes, &stages, i);
	stages_release(&stages);
	if (err)
		changes_destroy(changes);
	else
		*ret = changes;
	return err;
}

void changes_destroy(struct changes *changes)
{
	if (!changes)
		return;
	free(changes->list.items);
	free(changes->edges.items);
	arena_destroy(&changes->arena);
	free(changes);
}

const struct change *changes_list(const struct changes *changes, size_t *count_ret)
{
	*count_ret = changes->list.count;
	return changes->list.items;
}

const struct change_edge *changes_edges(const struct changes *changes, size_t *count_ret)
{
	*count_ret = changes->edges.count;
	return changes->edges.items;
}

const char *change_kind_name(enum change_kind kind)
{
	static const char *const names[] = { "changed", "new", "gone" };

	return names[kind];
}

const char *change_use_name(enum change_use use)
{
	static const char *const names[] = { "calls", "jumps to", "refers to", "inlines" };

	return names[use];
}
