// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Learns from the instruction around each relocation of code what it means: how far the field is
 * from the end of its instruction, and whether it is called, jumped to or only referred to.
 * In: model->units. Out: model->uses; unit->undecodable.
 */
#include <stdlib.h>

#include "code.h"
#include "model.h"

static void code_use(struct reloc_use *use, const struct instruction *insn, uint64_t offset,
		     uint64_t at)
{
	use->bias = (uint8_t)(at + insn->length - offset);
	if (!insn->is_relative)
		return;
	if (insn->is_call)
		use->flow = FLOW_CALL;
	else if (insn->is_jump)
		use->flow = FLOW_JUMP;
}

/* Walks one unit; its relocations are met in order. */
static bool code_walk(const struct model *model, const struct unit *unit)
{
	const struct section *section = unit_section(model, unit);
	struct reloc_use *uses = model->uses[unit->section];
	uint32_t next = unit->reloc_first, last = next + unit->reloc_count;
	uint64_t at = unit->start;

	while (at < unit->end) {
		struct instruction insn;

		if (!code_decode(section->data + at, unit->end - at, &insn))
			return false;
		while (next < last && section->relocs[next].offset < at + insn.length) {
			code_use(&uses[next], &insn, section->relocs[next].offset, at);
			next++;
		}
		at += insn.length;
	}
	return true;
}

static struct error *code_uses_for(struct model *model, uint32_t section)
{
	if (model->uses[section])
		return NULL;
	model->uses[section] = calloc(model->object->sections[section].reloc_count + 1u,
				      sizeof(**model->uses));
	return model->uses[section] ? NULL : error_nomem();
}

/* Branches of .altinstr_replacement: single instructions with the field at their end. */
static void code_walk_replacements(struct model *model, uint32_t index)
{
	const struct section *section = &model->object->sections[index];
	uint64_t at = 0;
	uint32_t next = 0;

	while (at < section->size) {
		struct instruction insn;

		if (!code_decode(section->data + at, section->size - at, &insn))
			insn = (struct instruction){ .length = 1 };
		while (next < section->reloc_count &&
		       section->relocs[next].offset < at + insn.length) {
			code_use(&model->uses[index][next], &insn, section->relocs[next].offset,
				 at);
			next++;
		}
		at += insn.length;
	}
}

struct error *model_decode(struct model *model)
{
	const struct object *object = model->object;
	struct error *err;
	size_t i;

	for (i = 0; i < model->units.count; i++) {
		struct unit *unit = &model->units.items[i];

		if (model->classes[unit->section] != CLASS_CODE || !unit->reloc_count)
			continue;
		err = code_uses_for(model, unit->section);
		if (err)
			return err;
		unit->undecodable = !unit_section(model, unit)->data || !code_walk(model, unit);
	}
	for (i = 1; i < object->section_count; i++) {
		if (model->classes[i] != CLASS_SIDE || !object->sections[i].reloc_count)
			continue;
		err = code_uses_for(model, (uint32_t)i);
		if (err)
			return err;
		code_walk_replacements(model, (uint32_t)i);
	}
	return NULL;
}
