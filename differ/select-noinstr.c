// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code of .noinstr.text and its like runs where ftrace may not (exc_page_fault, do_idle), and
 * what it calls may run there too. Callers are looked for in the object, and in the image: the
 * kernel's linker script puts labels around such code of all objects.
 */
#include <stdio.h>
#include <string.h>

#include "code.h"
#include "select.h"

bool unit_is_noinstr(const struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);

	return section_is_noinstr(unit_section(model, &model->units.items[id])->name);
}

static const char *caller_in_object(const struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);

	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (unit->kind != UNIT_FUNC || !unit->reloc_count || !unit_is_noinstr(selection, i))
			continue;
		for (uint32_t j = 0; j < unit->reloc_count; j++)
			if (model_ref(model, unit->section, unit->reloc_first + j).unit == id)
				return unit->name;
	}
	return NULL;
}

static bool label(const struct symtab *symtab, const char *prefix, const char *suffix,
		  uint64_t *address_ret)
{
	const uint32_t *found;
	char name[64];

	snprintf(name, sizeof(name), "__%s_text_%s", prefix, suffix);
	if (symtab_find(symtab, name, &found) != 1)
		return false;
	*address_ret = symtab_at(symtab, *found)->address;
	return true;
}

/* objtool and the linker let a direct call skip the ENDBR that the function begins with. */
static bool is_entry(uint64_t target, uint64_t function)
{
	return target == function || target == function + 4;
}

/* Is the function called, or jumped to, by the code from start to end? */
static bool code_reaches(const struct image *image, uint64_t start, uint64_t end,
			 uint64_t function)
{
	const uint8_t *bytes = image_at(image, start, end - start);
	struct instruction insn;

	if (!bytes)
		return false;
	for (uint64_t at = start; at < end; at += insn.length) {
		if (!code_decode(bytes + (at - start), end - at, &insn))
			return false; /* padding, or data between the functions of an entry */
		if (insn.is_relative && is_entry(at + insn.length + (uint64_t)insn.displacement,
						 function))
			return true;
	}
	return false;
}

/*
 * Whether some four bytes there are the distance to the function: where none are, nothing has to be
 * decoded. (A branch of two bytes does not leave its function.)
 */
static bool may_reach(const struct image *image, uint64_t start, uint64_t end, uint64_t function)
{
	const uint8_t *bytes = end > start ? image_at(image, start, end - start) : NULL;

	for (uint64_t at = 0; bytes && at + 4 <= end - start; at++) {
		int32_t distance;

		memcpy(&distance, bytes + at, sizeof(distance));
		if (is_entry(start + at + 4 + (uint64_t)(int64_t)distance, function))
			return true;
	}
	return false;
}

/* The first symbol at or behind an address. */
static size_t first_symbol(const struct symtab *symtab, uint64_t address)
{
	size_t low = 0, high = symtab_count(symtab);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symtab_at(symtab, middle)->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* In vmlinux' symbol table, in the order of addresses. */
static const char *caller_in_range(const struct image *image, const struct symtab *symtab,
				   uint64_t start, uint64_t end, uint64_t function)
{
	if (!may_reach(image, start, end, function))
		return NULL;
	for (size_t i = first_symbol(symtab, start); i + 1 < symtab_count(symtab); i++) {
		const struct symtab_entry *symbol = symtab_at(symtab, i);
		uint64_t next = symtab_at(symtab, i + 1)->address;

		if (symbol->address >= end)
			break;
		if (next <= symbol->address)
			continue;
		if (code_reaches(image, symbol->address, next < end ? next : end, function))
			return symbol->name;
	}
	return NULL;
}

static const char *caller_in_image(const struct selection *selection, uint32_t id)
{
	static const char *const ranges[] = { "noinstr", "entry", "cpuidle" };
	const struct correlation *correlation = selection->correlation;
	const struct symtab *symtab = selection->input->parent;
	const struct image *image = selection->input->image;
	const char *caller = NULL;
	uint64_t start, end, function;
	uint32_t entry, twin = correlation->of_patched[id];

	if (!image || symtab_is_module(symtab) || twin == UNIT_NONE ||
	    places_find(selection->places, correlation->orig->units.items[twin].symbol,
			&entry) != PLACE_FOUND)
		return NULL;
	function = symtab_at(symtab, entry)->address;
	for (size_t i = 0; !caller && i < sizeof(ranges) / sizeof(*ranges); i++)
		if (label(symtab, ranges[i], "start", &start) &&
		    label(symtab, ranges[i], "end", &end))
			caller = caller_in_range(image, symtab, start, end, function);
	return caller;
}

const char *noinstr_caller(const struct selection *selection, uint32_t id)
{
	const char *caller = caller_in_object(selection, id);

	return caller ? caller : caller_in_image(selection, id);
}
