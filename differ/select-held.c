// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the carried functions that no stack check looks for: new ones (the check knows the
 * replaced ones) whose address is stored somewhere, so that anything may call them, and those
 * reached by a sibling call, whose caller is not on the stack. A patch with one of these is
 * permanent, unless its author says how it drains.
 */
#include <klpkit/format.h>

#include "select.h"

/* The author's drain function for a unit: two relocations a record. */
static uint32_t held_drain(const struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	size_t i, j;

	for (i = 1; i < model->object->section_count; i++) {
		const struct section *section = &model->object->sections[i];

		if (model->classes[i] != CLASS_AUTHOR ||
		    section->size % sizeof(struct klpkit_author_drain) ||
		    section->reloc_count * 8 != section->size)
			continue;
		for (j = 0; j + 1 < section->reloc_count; j += 2)
			if (model_ref(model, (uint32_t)i, (uint32_t)j).unit == id)
				return model_ref(model, (uint32_t)i, (uint32_t)j + 1).unit;
	}
	return UNIT_NONE;
}

static void held_add(struct selection *selection, uint32_t id, const char *reason)
{
	struct held *held;
	size_t i;

	for (i = 0; i < selection->held_count; i++)
		if (selection->held[i].unit == id)
			return;
	held = array_grow((void **)&selection->held, &selection->held_count,
			  &selection->held_room, sizeof(*held));
	if (!held) {
		selection->findings->out_of_memory = true;
		return;
	}
	held->unit = id;
	held->reason = reason;
	held->drain = held_drain(selection, id);
	findings_add(selection->findings, selection_model(selection), id,
		     held->drain == UNIT_NONE ? FINDING_HELD : FINDING_NOTE,
		     held->drain == UNIT_NONE ? "held" : "drained",
		     held->drain == UNIT_NONE ?
			     "declare with KLPKIT_DRAINS() how it is drained, to make the patch removable" :
			     NULL,
		     "%s%s", reason,
		     held->drain == UNIT_NONE ? ", so no stack check finds who is inside" :
						"; its author declared how it drains");
}

static void held_look(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	uint32_t i;

	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);

		if (ref.unit == UNIT_NONE || ref.unit == id ||
		    selection->carry[ref.unit] != CARRY_NEW ||
		    model->units.items[ref.unit].kind != UNIT_FUNC)
			continue;
		if (ref.flow == FLOW_DATA)
			held_add(selection, ref.unit, "its address is stored");
		else if (ref.flow == FLOW_JUMP)
			held_add(selection, ref.unit, "it is reached by a sibling call");
	}
}

void select_held(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	uint32_t i;

	for (i = 0; i < model->units.count; i++)
		if (selection->carry[i] != CARRY_NO)
			held_look(selection, i);
}
