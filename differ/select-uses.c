// SPDX-License-Identifier: GPL-2.0-or-later
/* Who can lead to a unit, or use it: what has to be known of all its uses before something is built on that. */
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "select.h"

bool unit_is_static(const struct model *model, uint32_t id)
{
	for (uint32_t i = 1; i < model->object->symbol_count; i++)
		if (model->symbol_unit[i] == id && model->object->symbols[i].bind != STB_LOCAL &&
		    symbol_is_defined(model->object, &model->object->symbols[i]))
			return false;
	return true;
}

uint32_t unit_function(const struct model *model, uint32_t id)
{
	const struct unit *unit = &model->units.items[id];
	uint32_t owner = unit->kind == UNIT_FUNC && unit->name && name_cold_parent(unit->name) ?
				 unit_cold_owner(model, id) :
				 UNIT_NONE;

	return owner == UNIT_NONE ? id : owner;
}

bool unit_is_listed(const struct model *model, uint32_t id)
{
	for (uint32_t i = 1; i < model->object->section_count; i++) {
		if (model->classes[i] != CLASS_REGISTRY && model->classes[i] != CLASS_AUTHOR)
			continue;
		for (uint32_t n = 0; n < model->object->sections[i].reloc_count; n++)
			if (model_ref(model, i, n).unit == id)
				return true;
	}
	return false;
}

const char *unit_address_taker(const struct model *model, uint32_t id)
{
	if (unit_is_listed(model, id))
		return "a table";
	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *user = &model->units.items[i];

		if (unit_function(model, i) == id)
			continue;
		for (uint32_t n = 0; n < user->reloc_count; n++) {
			struct ref ref = model_ref(model, user->section, user->reloc_first + n);

			if (ref.unit == id && ref.flow == FLOW_DATA)
				return user->name ?: "data";
		}
	}
	return NULL;
}

static bool uses_of_function(const struct model *model, uint32_t user, uint32_t id, use_fn tell, void *data)
{
	const struct unit *unit = &model->units.items[user];
	const uint8_t *bytes = unit_bytes(model, unit);
	uint64_t at = unit->entry - unit->start, size = unit->end - unit->start;
	struct instruction insn = { 0 };

	for (uint32_t i = unit->reloc_first; bytes && i < unit->reloc_first + unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, i);
		uint64_t field = unit_section(model, unit)->relocs[i].offset - unit->start;
		struct use use = { .user = user };

		if (ref.unit != id)
			continue;
		while (at < size && code_decode(bytes + at, size - at, &insn) && at + insn.length <= field)
			at += insn.length;
		use.address = insn.is_lea || (insn.immediate_size && at + insn.immediate_at == field);
		use.writes = !use.address && code_writes(bytes + at, size - at);
		use.at = at + unit->start - unit->entry;
		if (!tell(data, &use))
			return false;
	}
	return true;
}

struct offsets {
	uint64_t *items;
	size_t count;
};

static bool note_load(void *data, const struct use *use)
{
	struct offsets *loads = data;

	if (use->address)
		loads->items[loads->count++] = use->at;
	return true;
}

static bool is_return(const struct model *model, const struct reloc *reloc)
{
	return !strcmp(model->object->symbols[reloc->symbol].name, "__x86_return_thunk");
}

static void note_exits(const struct model *model, const struct unit *unit, struct offsets *exits,
		       struct offsets *returns)
{
	for (uint32_t i = unit->reloc_first; i < unit->reloc_first + unit->reloc_count; i++) {
		const struct reloc *reloc = &unit_section(model, unit)->relocs[i];
		struct offsets *list = is_return(model, reloc) ? returns : exits;

		list->items[list->count++] = reloc->offset - unit->entry;
	}
}

bool unit_keeps_address(const struct model *model, uint32_t user, uint32_t id, bool *out_of_memory)
{
	const struct unit *unit = &model->units.items[user];
	struct offsets loads = { 0 }, exits = { 0 }, returns = { 0 };
	struct code_addresses in = { .size = unit->end - unit->entry };
	bool keeps = false;

	if (unit->kind != UNIT_FUNC || !unit_bytes(model, unit))
		return false;
	loads.items = calloc((size_t)unit->reloc_count + 1, sizeof(*loads.items));
	exits.items = calloc((size_t)unit->reloc_count + 1, sizeof(*exits.items));
	returns.items = calloc((size_t)unit->reloc_count + 1, sizeof(*returns.items));
	if (loads.items && exits.items && returns.items) {
		uses_of_function(model, user, id, note_load, &loads);
		note_exits(model, unit, &exits, &returns);
		in.bytes = unit_bytes(model, unit) + (unit->entry - unit->start);
		in.loads = loads.items;
		in.load_count = loads.count;
		in.exits = exits.items;
		in.exit_count = exits.count;
		in.returns = returns.items;
		in.return_count = returns.count;
		keeps = !code_escapes(&in);
	} else {
		*out_of_memory = true;
	}
	free(loads.items);
	free(exits.items);
	free(returns.items);
	return keeps;
}

static bool uses_of_data(const struct model *model, uint32_t user, uint32_t id, use_fn tell, void *data)
{
	const struct unit *unit = &model->units.items[user];
	struct use use = { .user = user, .address = true };

	for (uint32_t i = unit->reloc_first; i < unit->reloc_first + unit->reloc_count; i++)
		if (model_ref(model, unit->section, i).unit == id && !tell(data, &use))
			return false;
	return true;
}

void unit_each_use(const struct model *model, uint32_t id, use_fn tell, void *data)
{
	for (uint32_t n = 0; n < model->units.count; n++) {
		const struct unit *unit = &model->units.items[n];

		if (n == id || !unit->reloc_count || section_is_init(unit_section(model, unit)->name))
			continue;
		if (!(unit->kind == UNIT_FUNC ? uses_of_function : uses_of_data)(model, n, id, tell, data))
			return;
	}
}
