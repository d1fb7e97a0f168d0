// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model of an object.
 * In: the object as read. Out: its units and entries, and what each relocation refers to.
 */
#include <stdlib.h>

#include "model.h"

static struct error *model_allocate(struct model *model)
{
	size_t sections = model->object->section_count;

	model->classes = calloc(sections + 1, sizeof(*model->classes));
	model->specials = calloc(sections + 1, sizeof(*model->specials));
	model->entry_sizes = calloc(sections + 1, sizeof(*model->entry_sizes));
	model->section_units = calloc(sections + 2, sizeof(*model->section_units));
	model->uses = calloc(sections + 1, sizeof(*model->uses));
	model->symbol_unit = calloc(model->object->symbol_count + 1, sizeof(*model->symbol_unit));
	if (!model->classes || !model->specials || !model->entry_sizes || !model->section_units ||
	    !model->uses || !model->symbol_unit)
		return error_nomem();
	return NULL;
}

struct error *model_create(struct object *object, struct model **ret)
{
	struct error *err = model_expose_hidden(object);
	struct model *model;

	if (err)
		return err;
	model = calloc(1, sizeof(*model));
	if (!model)
		return error_nomem();
	model->object = object;
	err = model_allocate(model);
	if (!err)
		err = model_classify(model);
	if (!err)
		err = model_cut_units(model);
	if (!err)
		err = model_index_functions(model);
	if (!err)
		err = model_decode(model);
	if (!err)
		err = model_cut_entries(model);
	if (err) {
		model_destroy(model);
		return err;
	}
	*ret = model;
	return NULL;
}

void model_destroy(struct model *model)
{
	size_t i;

	if (!model)
		return;
	for (i = 0; model->uses && i < model->object->section_count; i++)
		free(model->uses[i]);
	free(model->uses);
	free(model->classes);
	free(model->specials);
	free(model->entry_sizes);
	free(model->section_units);
	free(model->symbol_unit);
	free(model->functions);
	free(model->units.items);
	free(model->entries.items);
	arena_destroy(&model->arena);
	free(model);
}

struct ref model_ref(const struct model *model, uint32_t section, uint32_t index)
{
	const struct reloc *reloc = &model->object->sections[section].relocs[index];
	const struct symbol *symbol = &model->object->symbols[reloc->symbol];
	const struct reloc_use *use = model->uses[section] ? &model->uses[section][index] : NULL;
	struct ref ref = { .unit = UNIT_NONE, .symbol = reloc->symbol, .offset = reloc->addend };
	int64_t target;

	if (use)
		ref.flow = (enum flow)use->flow;
	if (use && reloc_is_pc_relative(reloc->type))
		ref.offset = (int64_t)((uint64_t)ref.offset + use->bias);
	if (!symbol_is_defined(model->object, symbol))
		return ref;
	/* unsigned, as an addend can be anything */
	target = (int64_t)(symbol->value + (uint64_t)ref.offset);
	/* A named symbol says which unit is meant, also one element before or behind it. */
	if (symbol->type == STT_SECTION)
		ref.unit = model_unit_at(model, symbol->section, target < 0 ? 0 : (uint64_t)target);
	else
		ref.unit = model->symbol_unit[reloc->symbol];
	if (ref.unit != UNIT_NONE)
		ref.offset = (int64_t)((uint64_t)target - model->units.items[ref.unit].entry);
	else
		ref.offset = target; /* from the section's start */
	return ref;
}

bool model_has_fentry(const struct model *model, const struct unit *unit)
{
	uint32_t i;

	for (i = 0; i < unit->entry_count; i++)
		if (model->entries.items[unit->entry_first + i].special == SPECIAL_MCOUNT)
			return true;
	return false;
}
