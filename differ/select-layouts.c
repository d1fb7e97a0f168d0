// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what is carried. Out: a refusal for every structure, union and enum that carried code
 * touches and that is laid out otherwise than what already lives, or called otherwise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "layout.h"
#include "select.h"

#define MOST_NAMES 3

/* A carried function as both versions have it. */
struct touching {
	uint32_t unit;
	struct code_numbers before, after;
	struct reach orig, patched;
	bool calls; /* the new version calls through pointers */
};

struct verdict_state {
	struct selection *selection;
	const struct layouts *orig, *patched; /* the selection's */
	struct layout_changes changes;
	struct arena arena;
	struct {
		struct touching *items;
		size_t count, room;
	} functions;
};

static struct error *add_number(struct code_numbers *numbers, int64_t number)
{
	int64_t *place = array_add(numbers);

	if (!place)
		return error_nomem();
	*place = number;
	return NULL;
}

static struct error *collect_numbers(const struct model *model, uint32_t id,
				     struct code_numbers *numbers)
{
	const struct unit *unit = &model->units.items[id];
	const uint8_t *bytes = unit_bytes(model, unit);
	uint64_t size = unit->end - unit->start;
	struct error *err = NULL;

	for (uint64_t at = unit->entry - unit->start; bytes && at < size && !err;) {
		struct instruction insn;

		if (!code_decode(bytes + at, size - at, &insn)) {
			at++;
			continue;
		}
		if (insn.has_memory)
			err = add_number(numbers, insn.memory);
		if (!err && insn.immediate_size)
			err = add_number(numbers, insn.immediate);
		at += insn.length;
	}
	return err;
}

static int number_compare(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* Of the function and its cold piece, in order. */
static struct error *function_numbers(const struct model *model, uint32_t id,
				      struct code_numbers *numbers)
{
	uint32_t cold = unit_cold_piece(model, id);
	struct error *err = collect_numbers(model, id, numbers);
	size_t kept = 0;

	if (!err && cold != UNIT_NONE)
		err = collect_numbers(model, cold, numbers);
	if (err || !numbers->count)
		return err;
	qsort(numbers->items, numbers->count, sizeof(*numbers->items), number_compare);
	for (size_t i = 0; i < numbers->count; i++)
		if (!kept || numbers->items[kept - 1] != numbers->items[i])
			numbers->items[kept++] = numbers->items[i];
	numbers->count = kept;
	return NULL;
}

static struct error *function_reach(struct verdict_state *state, const struct model *model,
				    uint32_t id, const struct layouts *layouts,
				    const struct code_numbers *numbers, struct reach *ret)
{
	const struct unit *unit = &model->units.items[id];
	const char **symbols = calloc(unit->reloc_count + 1, sizeof(*symbols));
	struct error *err;
	size_t count = 0;

	if (!symbols)
		return error_nomem();
	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		const char *name = ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
							   model->units.items[ref.unit].name;

		if (name && *name)
			symbols[count++] = name;
	}
	err = reach_create(layouts, layouts_user(layouts, unit->name), numbers, symbols, count,
			   &state->arena, ret);
	free(symbols);
	return err;
}

/* Paravirtual calls go through a table that is the kernel's own. */
static bool is_of_table(const struct model *model, const struct unit *unit, uint64_t from, uint64_t to)
{
	const struct section *section = unit_section(model, unit);

	for (uint32_t i = unit->reloc_first; i < unit->reloc_first + unit->reloc_count; i++)
		if (section->relocs[i].offset >= from && section->relocs[i].offset < to)
			return !strcmp(model->object->symbols[section->relocs[i].symbol].name, "pv_ops");
	return false;
}

/* Does it call, or jump, through a pointer? By itself, by a thunk of the kernel's or a static call's trampoline. */
static bool unit_calls_pointers(const struct model *model, uint32_t id)
{
	const struct unit *unit = &model->units.items[id];
	const uint8_t *bytes = unit_bytes(model, unit);
	uint64_t size = unit->end - unit->start;
	struct instruction insn;

	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		const char *name = ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
							   model->units.items[ref.unit].name;

		if (name && (!strncmp(name, "__x86_indirect_", 15) || !strncmp(name, "__SCT__", 7)))
			return true;
	}
	for (uint64_t at = unit->entry - unit->start; bytes && at < size; at += insn.length) {
		if (!code_decode(bytes + at, size - at, &insn))
			insn = (struct instruction){ .length = 1 };
		else if ((insn.is_call || insn.is_jump) && !insn.is_relative &&
			 !is_of_table(model, unit, unit->start + at, unit->start + at + insn.length))
			return true;
	}
	return false;
}

static bool function_calls_pointers(const struct model *model, uint32_t id)
{
	uint32_t cold = unit_cold_piece(model, id);

	return unit_calls_pointers(model, id) || (cold != UNIT_NONE && unit_calls_pointers(model, cold));
}

static struct error *add_function(struct verdict_state *state, uint32_t id)
{
	const struct correlation *correlation = state->selection->correlation;
	uint32_t twin = correlation->of_patched[id];
	struct touching *function = array_add(&state->functions);
	struct error *err;

	if (!function)
		return error_nomem();
	function->unit = id;
	function->calls = function_calls_pointers(correlation->patched, id);
	err = function_numbers(correlation->patched, id, &function->after);
	if (!err && twin != UNIT_NONE)
		err = function_numbers(correlation->orig, twin, &function->before);
	if (!err)
		err = function_reach(state, correlation->patched, id, state->patched,
				     &function->after, &function->patched);
	if (!err && twin != UNIT_NONE)
		err = function_reach(state, correlation->orig, twin, state->orig, &function->before,
				     &function->orig);
	return err;
}

/* What no type tells: its code has the old number before and the new one after. */
static bool uses_numbers(const struct touching *function, uint64_t old, uint64_t new)
{
	return old != new && code_numbers_have(&function->before, (int64_t)old) &&
	       !code_numbers_have(&function->after, (int64_t)old) &&
	       code_numbers_have(&function->after, (int64_t)new) &&
	       !code_numbers_have(&function->before, (int64_t)new);
}

static bool uses_moved_member(struct verdict_state *state,
			      const struct layout_change *change, const struct touching *function)
{
	struct flat before, after = { 0 };
	bool found = false;

	if (layout_flatten(state->orig, change->orig, &before) &&
	    layout_flatten(state->patched, change->patched, &after))
		for (size_t i = 0; i < before.count && !found; i++)
			for (size_t j = 0; j < after.count && !found; j++)
				found = before.items[i].name && after.items[j].name &&
					!strcmp(before.items[i].name, after.items[j].name) &&
					uses_numbers(function, before.items[i].bit / 8,
						     after.items[j].bit / 8);
	else
		state->arena.failed = true;
	free(before.items);
	free(after.items);
	return found;
}

static bool uses_new_value(const struct verdict_state *state, const struct layout_change *change,
			   const struct touching *function)
{
	const struct type *a = type_get(state->orig, change->orig);
	const struct type *b = type_get(state->patched, change->patched);

	for (size_t i = 0; i < a->member_count; i++)
		for (size_t j = 0; j < b->member_count; j++)
			if (!strcmp(a->members[i].name ?: "", b->members[j].name ?: "-") &&
			    uses_numbers(function, (uint64_t)a->members[i].value,
					 (uint64_t)b->members[j].value))
				return true;
	return false;
}

/* A member that points to functions of another prototype: both versions', and where it is. */
struct recalled {
	struct prototype old, new;
	uint64_t at;
};

typedef bool (*recalled_fn)(const struct verdict_state *state, const struct layout_change *change,
			    const struct touching *function, const struct recalled *member);

/* Is there one of which it is so? */
static bool any_recalled(struct verdict_state *state, const struct layout_change *change,
			 const struct touching *function, recalled_fn is_so)
{
	struct flat before, after = { 0 };
	bool found = false;

	if (!layout_flatten(state->orig, change->orig, &before) ||
	    !layout_flatten(state->patched, change->patched, &after))
		state->arena.failed = true;
	for (size_t i = 0; i < before.count && !found; i++)
		for (size_t j = 0; j < after.count && !found; j++) {
			const struct flat_member *a = &before.items[i], *b = &after.items[j];
			struct recalled member = { .at = b->bit / 8 };

			if (!a->name || !b->name || strcmp(a->name, b->name) ||
			    !types_call(state->orig, a->type, state->patched, b->type))
				continue;
			member.old = prototype_of_pointer(state->orig, a->type);
			member.new = prototype_of_pointer(state->patched, b->type);
			found = !prototypes_same(&member.old, &member.new) &&
				is_so(state, change, function, &member);
		}
	free(before.items);
	free(after.items);
	return found;
}

/* Could old code come to the function by the member, and call it as it is not? */
static bool is_called_by(const struct verdict_state *state, const struct layout_change *change,
			 const struct touching *function, const struct recalled *member)
{
	const char *name = selection_model(state->selection)->units.items[function->unit].name;
	const struct type_user *user = layouts_user(state->patched, name);
	struct prototype self;

	if (!user || prototype_suits(&member->old, &member->new))
		return false;
	self = prototype_of_function(state->patched, user);
	return prototypes_same(&self, &member->new);
}

/* The member's offset is in the code of who calls by it; not where it is reached by an address, or inside of another. */
static bool may_call_by(const struct verdict_state *state, const struct layout_change *change,
			const struct touching *function, const struct recalled *member)
{
	return function->patched.fixed[change->patched] || type_is_inside(state->patched, change->patched) ||
	       code_numbers_have(&function->after, (int64_t)member->at);
}

/* Who only has what points to functions of another prototype does not mind; who calls by it does. */
static const char *calls_by(struct verdict_state *state, const struct layout_change *change,
			    const struct touching *function)
{
	const char *path = function->patched.paths ? function->patched.paths[change->patched] : NULL;

	if (path && function->calls && any_recalled(state, change, function, may_call_by))
		return path;
	return unit_address_taker(selection_model(state->selection), function->unit) &&
			       any_recalled(state, change, function, is_called_by) ?
		       "its own address" :
		       NULL;
}

/* How the function comes to the type, for people; NULL when it does not touch it. */
static const char *touches(struct verdict_state *state, const struct layout_change *change,
			   const struct touching *function)
{
	const struct type *a = type_get(state->orig, change->orig);

	if (layout_is_only_recalled(change))
		return calls_by(state, change, function);
	if (function->patched.paths && function->patched.paths[change->patched])
		return function->patched.paths[change->patched];
	if (function->orig.paths && function->orig.paths[change->orig])
		return function->orig.paths[change->orig];
	if (a->kind == TYPE_ENUM)
		return uses_new_value(state, change, function) ? "a constant in its code" : NULL;
	if (change->resized && uses_numbers(function, a->size,
					    type_get(state->patched, change->patched)->size))
		return "the size in its code";
	return uses_moved_member(state, change, function) ? "an offset in its code" : NULL;
}

static const char *list_touching(struct verdict_state *state, const struct layout_change *change)
{
	const struct model *model = selection_model(state->selection);
	size_t size, count = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < state->functions.count; i++) {
		const struct touching *function = &state->functions.items[i];
		const char *path = touches(state, change, function);

		if (!path)
			continue;
		if (count++ < MOST_NAMES)
			fprintf(out, "%s%s() (by %s)", count > 1 ? ", " : "",
				model->units.items[function->unit].name, path);
	}
	if (out && count > MOST_NAMES)
		fprintf(out, " and %zu more", count - MOST_NAMES);
	return arena_stream(&state->arena, out, &text);
}

static bool is_allowed(const struct diff_input *input, const char *spelled, const char *name)
{
	for (size_t i = 0; i < input->allowed_count; i++)
		if (!strcmp(input->allowed[i], spelled) || !strcmp(input->allowed[i], name))
			return true;
	return false;
}

static void judge(struct verdict_state *state, const struct layout_change *change)
{
	struct findings *findings = state->selection->findings;
	struct arena *arena = &findings->arena;
	const struct type *type = type_get(state->patched, change->patched);
	const char *touching = list_touching(state, change);
	const char *what = layout_what(&state->changes, change, arena), *lives;
	struct finding finding = { .kind = FINDING_REFUSED, .code = "layout" };
	enum lives where;
	char name[128];

	type_spell(state->patched, change->patched, name, sizeof(name));
	lives = layout_lives(state->selection, state->orig, change->orig, arena, &where);
	finding.symbol = arena_strdup(arena, name);
	finding.file = type->file ? arena_strdup(arena, type->file) : NULL;
	finding.line = type->line;
	finding.detail = layout_text(&state->changes, change, arena);
	if (!touching || !what || !lives || !finding.symbol || !finding.detail) {
		findings->out_of_memory = true;
		return;
	}
	if (!*touching) {
		finding.kind = FINDING_NOTE;
		finding.code = "layout-untouched";
		finding.detail = NULL;
		finding.reason = arena_printf(arena, "its layout changes (%.*s), but no function of "
						     "the patch %s it",
					      (int)strlen(what) - 2, what,
					      layout_is_only_recalled(change) ? "calls by" : "touches");
	} else if (where == LIVES_ON_STACKS ||
		   (where == LIVES_ON_SHARED_STACKS && state->selection->input->at_once)) {
		finding.kind = FINDING_NOTE;
		finding.code = where == LIVES_ON_STACKS ? "layout-on-stack" : FINDING_AT_ONCE;
		finding.reason = arena_printf(arena, "its layout changes (%.*s); it lives only on %s, "
						     "and all that use it are replaced",
					      (int)strlen(what) - 2, what, lives);
	} else if (is_allowed(state->selection->input, name, type->name)) {
		finding.kind = FINDING_WARNING;
		finding.code = "layout-allowed";
		finding.reason = arena_printf(arena, "its layout changes (%.*s); touched by %s: "
						     "accepted by --allow-layout",
					      (int)strlen(what) - 2, what, touching);
	} else if (where == LIVES_ON_SHARED_STACKS) {
		finding.code = "layout-on-stack";
		finding.advice = "switch all at once, with --backend loader --model kernel or quiesce; or accept it "
				 "with --allow-layout, if no task comes to another one's";
		finding.reason = arena_printf(arena, "%.*s; touched by %s; it lives only on %s, where tasks that run "
						     "the new code may come to those of old code",
					      (int)strlen(what) - 2, what, touching, lives);
	} else {
		finding.advice = layout_advice(&state->changes, change, arena);
		finding.reason = arena_printf(arena, "%.*s; touched by %s; what lives already "
						     "comes from %s",
					      (int)strlen(what) - 2, what, touching, lives);
	}
	findings_add_other(findings, finding);
}

static void note_unknown(const struct verdict_state *state)
{
	static const char *const advice = "compile both with -g, as klp-build does";
	struct findings *findings = state->selection->findings;
	struct finding finding = { .code = "layout-unknown", .advice = advice };

	if (state->orig->broken || state->patched->broken) {
		finding.kind = FINDING_REFUSED;
		finding.reason = "the debug information cannot be read, so that nobody knows whether what "
				 "lives is laid out as the new code expects";
	} else if (!state->orig->known || !state->patched->known) {
		finding.kind = FINDING_WARNING;
		finding.reason = "without debug information nobody knows whether what lives is laid out as "
				 "the new code expects";
	} else {
		return;
	}
	findings_add_other(findings, finding);
}

static struct error *run(struct verdict_state *state)
{
	const struct selection *selection = state->selection;
	const struct model *model = selection_model(selection);
	struct error *err = selection_types(state->selection);

	state->orig = selection->orig_types;
	state->patched = selection->patched_types;
	if (!err)
		note_unknown(state);
	if (!err)
		err = layout_compare(state->orig, state->patched, &state->changes);
	for (uint32_t i = 0; !err && i < model->units.count; i++) {
		if (model->units.items[i].kind != UNIT_FUNC || !model->units.items[i].name ||
		    selection->carry[i] == CARRY_NO || selection->carry[i] == CARRY_PIECE)
			continue;
		if (state->changes.count)
			err = add_function(state, i);
	}
	for (size_t i = 0; !err && i < state->changes.count && state->functions.count; i++)
		judge(state, &state->changes.items[i]);
	return !err && state->arena.failed ? error_nomem() : err;
}

struct error *select_layouts(struct selection *selection)
{
	struct verdict_state state = { .selection = selection };
	struct error *err = run(&state);

	for (size_t i = 0; i < state.functions.count; i++) {
		free(state.functions.items[i].before.items);
		free(state.functions.items[i].after.items);
	}
	free(state.functions.items);
	free(state.changes.items);
	arena_destroy(&state.arena);
	return err;
}
