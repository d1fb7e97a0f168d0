// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cuts the sections into units.
 * In: model->classes. Out: model->units in section and offset order, model->section_units,
 * model->symbol_unit.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define NOP 0x90

static struct error *units_out_of_memory(const struct model *model)
{
	return error_prefix(error_nomem(), "%s", model->object->path);
}

static bool name_ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length >= tail && !strcmp(name + length - tail, end);
}

/* Does the symbol give its place an identity? */
static bool symbol_names_unit(const struct model *model, const struct symbol *symbol)
{
	if (!symbol_is_defined(model->object, symbol) || !*symbol->name)
		return false;
	/*
	 * objtool's: the padding in front of a function, not a function. The compiler's own
	 * labels (.LC7), which objtool's rewriting of 6.1 leaves in the table, name a constant
	 * of this object only.
	 */
	if (!strncmp(symbol->name, "__pfx_", 6) || !strncmp(symbol->name, ".L", 2))
		return false;
	/* one id of a list, named by a counter: the list is the unit (select-tables.c) */
	if (!strncmp(symbol->name, "__BTF_ID__", 10))
		return false;
	/* MODULE_DEVICE_TABLE()'s second name of a table, for modpost */
	if (!strncmp(symbol->name, "__mod_", 6) && name_ends_with(symbol->name, "_device_table"))
		return false;
	if (symbol->type == STT_FUNC || symbol->type == STT_OBJECT)
		return true;
	if (symbol->type != STT_NOTYPE)
		return false;
	/* labels of assembly: only what can be referred to from elsewhere stands for itself */
	return symbol->bind != STB_LOCAL ||
	       model->classes[symbol->section] != CLASS_CODE;
}

struct place {
	uint32_t symbol;
	const struct symbol *facts;
};

/* Of several names of one address, the one first that tells most. */
static int place_compare(const void *left, const void *right)
{
	const struct symbol *a = ((const struct place *)left)->facts;
	const struct symbol *b = ((const struct place *)right)->facts;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	if ((a->type == STT_NOTYPE) != (b->type == STT_NOTYPE))
		return a->type == STT_NOTYPE ? 1 : -1;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	if ((a->bind == STB_GLOBAL) != (b->bind == STB_GLOBAL))
		return a->bind == STB_GLOBAL ? -1 : 1;
	return a < b ? -1 : a > b;
}

static struct unit *units_add(struct model *model, enum unit_kind kind, uint32_t section,
			      uint64_t start, uint64_t end)
{
	struct unit *unit = array_add(&model->units);

	if (!unit)
		return NULL;
	unit->kind = kind;
	unit->section = section;
	unit->start = unit->entry = start;
	unit->end = end;
	return unit;
}

/* Is there anything between two symbols: bytes that are not padding, or a relocation? */
static bool gap_has_content(const struct section *section, uint64_t start, uint64_t end)
{
	uint64_t at;
	uint32_t i;

	for (at = start; section->data && at < end; at++)
		if (section->data[at] && section->data[at] != NOP && section->data[at] != 0xcc)
			return true;
	for (i = 0; i < section->reloc_count; i++)
		if (section->relocs[i].offset >= start && section->relocs[i].offset < end)
			return true;
	return false;
}

/* The call padding before a function is its own (-fpatchable-function-entry=16,16). */
static uint64_t unit_padding_start(const struct model *model, const struct section *section,
				   uint64_t previous_end, uint64_t value)
{
	uint64_t start = value - model->padding, at;

	if (!model->padding || value < model->padding || start < previous_end)
		return value;
	for (at = start; at < value; at++)
		if (section->data[at] != NOP)
			return value;
	return start;
}

/* Cuts a section with symbols; places are its symbols in order. */
static struct error *units_cut_named(struct model *model, uint32_t index,
				     const struct place *places, size_t count)
{
	const struct section *section = &model->object->sections[index];
	bool code = model->classes[index] == CLASS_CODE;
	uint64_t previous_end = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct symbol *symbol = places[i].facts;
		uint64_t value = symbol->value, next = section->size, start = value, end;
		struct unit *unit;
		size_t j;

		if (i && value < previous_end)
			continue; /* another name, or a name inside of the unit before */
		for (j = i + 1; j < count && places[j].facts->value == value; j++)
			;
		if (j < count)
			next = places[j].facts->value;
		end = symbol->size ? value + symbol->size : next;
		if (code && section->data)
			start = unit_padding_start(model, section, previous_end, value);
		if (start > previous_end && gap_has_content(section, previous_end, start) &&
		    !units_add(model, UNIT_ANON, index, previous_end, start))
			return units_out_of_memory(model);
		unit = units_add(model, code ? UNIT_FUNC : UNIT_DATA, index, start, end);
		if (!unit)
			return units_out_of_memory(model);
		unit->entry = value;
		unit->symbol = places[i].symbol;
		unit->name = symbol->name;
		previous_end = end;
	}
	if (section->size > previous_end &&
	    gap_has_content(section, previous_end, section->size) &&
	    !units_add(model, UNIT_ANON, index, previous_end, section->size))
		return units_out_of_memory(model);
	return NULL;
}

static struct error *units_cut_strings(struct model *model, uint32_t index)
{
	const struct section *section = &model->object->sections[index];
	uint64_t width = section->entsize ? section->entsize : 1, at, start = 0;

	for (at = 0; at + width <= section->size; at += width) {
		uint64_t i;

		for (i = 0; i < width && !section->data[at + i]; i++)
			;
		if (i < width && at + 2 * width <= section->size)
			continue;
		if (!units_add(model, UNIT_STRING, index, start, at + width))
			return units_out_of_memory(model);
		start = at + width;
	}
	return NULL;
}

static struct error *units_cut_consts(struct model *model, uint32_t index)
{
	const struct section *section = &model->object->sections[index];
	uint64_t at;

	for (at = 0; at + section->entsize <= section->size; at += section->entsize)
		if (!units_add(model, UNIT_CONST, index, at, at + section->entsize))
			return units_out_of_memory(model);
	return NULL;
}

/*
 * .altinstr_aux is code without symbols: each piece begins where a function jumps to it
 * (static_cpu_has()).
 */
static struct error *units_cut_aux(struct model *model, uint32_t index)
{
	const struct object *object = model->object;
	uint64_t size = object->sections[index].size, at, start = 0;
	uint8_t *targets = calloc(size + 1, 1);
	struct error *err = NULL;
	size_t i, j;

	if (!targets)
		return units_out_of_memory(model);
	for (i = 1; i < object->section_count; i++) {
		const struct section *section = &object->sections[i];

		if (i == index || model->classes[i] != CLASS_CODE)
			continue;
		for (j = 0; j < section->reloc_count; j++) {
			const struct reloc *reloc = &section->relocs[j];
			const struct symbol *symbol = &object->symbols[reloc->symbol];
			uint64_t target = symbol->value + (uint64_t)reloc->addend + 4;

			if (symbol->section == index && target < size)
				targets[target] = 1;
		}
	}
	for (at = 1; !err && at <= size; at++) {
		if (at < size && !targets[at])
			continue;
		if (!units_add(model, UNIT_ANON, index, start, at))
			err = units_out_of_memory(model);
		start = at;
	}
	free(targets);
	return err;
}

static struct error *units_cut_section(struct model *model, uint32_t index,
				       const struct place *places, size_t count)
{
	const struct section *section = &model->object->sections[index];

	/* a lock's __key is empty without lockdep, but has an address */
	if (!section->size && !count)
		return NULL;
	switch (model->classes[index]) {
	case CLASS_STRINGS:
		return count ? units_cut_named(model, index, places, count) :
			       units_cut_strings(model, index);
	case CLASS_CONSTS:
		return count ? units_cut_named(model, index, places, count) :
			       units_cut_consts(model, index);
	case CLASS_CODE:
		if (!strcmp(section->name, ".altinstr_aux"))
			return units_cut_aux(model, index);
		return units_cut_named(model, index, places, count);
	case CLASS_DATA:
	case CLASS_RODATA:
		return units_cut_named(model, index, places, count);
	default:
		return NULL;
	}
}

static void units_place_relocs(struct model *model)
{
	size_t i;

	for (i = 0; i < model->units.count; i++) {
		struct unit *unit = &model->units.items[i];
		const struct section *section = unit_section(model, unit);
		uint32_t low = 0, high = section->reloc_count;

		while (low < high) {
			uint32_t middle = (low + high) / 2;

			if (section->relocs[middle].offset < unit->start)
				low = middle + 1;
			else
				high = middle;
		}
		unit->reloc_first = low;
		while (low < section->reloc_count && section->relocs[low].offset < unit->end)
			low++;
		unit->reloc_count = low - unit->reloc_first;
	}
}

static void units_place_symbols(struct model *model)
{
	const struct object *object = model->object;
	size_t i;

	for (i = 0; i < object->symbol_count; i++) {
		const struct symbol *symbol = &object->symbols[i];

		model->symbol_unit[i] = UNIT_NONE;
		if (symbol->type == STT_SECTION || !symbol_is_defined(object, symbol))
			continue;
		model->symbol_unit[i] = model_unit_at(model, symbol->section, symbol->value);
	}
}

uint32_t model_unit_at(const struct model *model, uint32_t section, uint64_t offset)
{
	uint32_t first = model->section_units[section], low = first;
	uint32_t high = model->section_units[section + 1];

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (model->units.items[middle].start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == first ? UNIT_NONE : low - 1;
}

struct error *model_cut_units(struct model *model)
{
	const struct object *object = model->object;
	struct place *places = calloc(object->symbol_count + 1, sizeof(*places));
	struct error *err = NULL;
	size_t i, count = 0, at = 0;

	if (!places)
		return units_out_of_memory(model);
	for (i = 1; i < object->symbol_count; i++)
		if (symbol_names_unit(model, &object->symbols[i]))
			places[count++] = (struct place){ (uint32_t)i, &object->symbols[i] };
	qsort(places, count, sizeof(*places), place_compare);
	for (i = 1; !err && i < object->section_count; i++) {
		size_t first;

		while (at < count && places[at].facts->section < i)
			at++;
		first = at;
		while (at < count && places[at].facts->section == i)
			at++;
		model->section_units[i] = (uint32_t)model->units.count;
		err = units_cut_section(model, (uint32_t)i, places + first, at - first);
	}
	model->section_units[object->section_count] = (uint32_t)model->units.count;
	free(places);
	if (err)
		return err;
	units_place_relocs(model);
	units_place_symbols(model);
	return NULL;
}
