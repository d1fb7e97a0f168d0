// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the carried functions that no stack check looks for: new ones (the check knows the
 * replaced ones) whose address is stored somewhere, so that anything may call them, and those
 * reached by a sibling call, whose caller is not on the stack (but the loader looks for all of the
 * patch's code). A patch with one of these is permanent, unless its author says how it drains.
 */
#include <string.h>

#include <klpkit/format.h>

#include "select.h"

/* Is this what the author's record names: the unit, or the symbol of another object? */
static bool held_is(const struct model *model, struct ref ref, uint32_t id, const char *name)
{
	if (id != UNIT_NONE)
		return ref.unit == id;
	return ref.unit == UNIT_NONE && !strcmp(model->object->symbols[ref.symbol].name, name);
}

/* The author's drain function: two relocations a record. */
static uint32_t held_drain(const struct selection *selection, uint32_t id, const char *name)
{
	const struct model *model = selection_model(selection);
	size_t i, j;

	for (i = 1; i < model->object->section_count; i++) {
		const struct section *section = &model->object->sections[i];

		if (strcmp(section->name, KLPKIT_SEC_AUTHOR_DRAINS))
			continue;
		for (j = 0; j + 1 < section->reloc_count; j += 2)
			if (held_is(model, model_ref(model, (uint32_t)i, (uint32_t)j), id, name))
				return model_ref(model, (uint32_t)i, (uint32_t)j + 1).unit;
	}
	return UNIT_NONE;
}

static void held_report(struct selection *selection, const struct held *held)
{
	const struct model *model = selection_model(selection);
	bool drained = held->drain != UNIT_NONE;
	bool data = held->unit != UNIT_NONE && model->units.items[held->unit].kind != UNIT_FUNC;

	findings_add(selection->findings, model, held->unit,
		     drained ? FINDING_NOTE : FINDING_HELD, drained ? "drained" : "held",
		     drained ? NULL :
			       "declare with KLPKIT_DRAINS() how it is drained, to make the patch removable",
		     "%s%s%s%s", held->unit == UNIT_NONE ? held->name : "",
		     held->unit == UNIT_NONE ? ": " : "", held->reason,
		     drained ? "; its author declared how it drains" :
		     data    ? ", and whoever has read that can still use it" :
			       ", so no stack check finds who is inside");
}

static void held_add(struct selection *selection, uint32_t id, const char *name,
		     const char *reason)
{
	struct held *held;
	size_t i;

	for (i = 0; i < selection->held_count; i++)
		if (!strcmp(selection->held[i].name, name) && selection->held[i].unit == id)
			return;
	held = array_grow((void **)&selection->held, &selection->held_count,
			  &selection->held_room, sizeof(*held));
	if (!held) {
		selection->findings->out_of_memory = true;
		return;
	}
	held->unit = id;
	held->name = name;
	held->reason = reason;
	held->drain = held_drain(selection, id, name);
	held_report(selection, held);
}

/* Is it a new function, of this object or of another one of the patch? */
static bool held_is_new(const struct selection *selection, struct ref ref)
{
	const struct model *model = selection_model(selection);
	struct target target;

	if (ref.unit != UNIT_NONE)
		return selection->carry[ref.unit] == CARRY_NEW &&
		       model->units.items[ref.unit].kind == UNIT_FUNC;
	if (model->object->symbols[ref.symbol].section != SYMBOL_UNDEF ||
	    !selection->input->other_functions)
		return false;
	target = selection_target(selection, ref, false);
	return target.kind == TARGET_PLAIN &&
	       !symvers_find(selection->input->symvers, target.name) &&
	       diff_names_have(selection->input->other_functions, target.name);
}

static void held_look(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	uint32_t i;

	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		const char *name;

		if (ref.flow == FLOW_CALL || ref.unit == id || !held_is_new(selection, ref))
			continue;
		if (ref.flow == FLOW_JUMP && selection->input->for_loader)
			continue;
		name = ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
					       model->units.items[ref.unit].name;
		held_add(selection, ref.unit, name,
			 ref.flow == FLOW_DATA ? "its address is stored" :
						 "it is reached by a sibling call");
	}
}

/* What an applied word points to in the patch: whoever has read the pointer can still use it. */
static void held_word(struct selection *selection, const struct applied *word)
{
	const struct model *model = selection_model(selection);
	const struct unit *target;
	struct ref ref;

	if (word->new_reloc == RELOC_NONE)
		return;
	ref = model_ref(model, model->units.items[word->unit].section, word->new_reloc);
	if (held_is_new(selection, ref)) {
		held_add(selection, ref.unit,
			 ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
						 model->units.items[ref.unit].name,
			 "its address is put into a live variable");
		return;
	}
	if (ref.unit == UNIT_NONE || selection->carry[ref.unit] == CARRY_NO ||
	    selection->carry[ref.unit] == CARRY_REPLACED)
		return;
	target = &model->units.items[ref.unit];
	held_add(selection, ref.unit, target->name ?: "a string or constant",
		 "its address is put into a live variable");
}

void select_held(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	uint32_t i;

	for (size_t n = 0; n < selection->applied.count; n++)
		held_word(selection, &selection->applied.items[n]);

	for (i = 0; i < model->units.count; i++)
		if (selection->carry[i] != CARRY_NO)
			held_look(selection, i);
}
