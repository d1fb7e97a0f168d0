// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gives each carried unit its place and its symbol.
 * In: the selection. Out: emission->section, offset, symbol.
 *
 * A cold piece goes right behind its function, inside its symbol: the kernel's stack check knows
 * the range of a replaced function only, and a task that called out of a piece elsewhere would
 * not be found when the patch is taken out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"

#define NOP 0x90

static bool name_has_base(const char *name, const char *base)
{
	size_t length = strlen(base);

	return !strncmp(name, base, length) &&
	       (!name[length] || (name[length] == '.' && name[length + 1] != '.'));
}

/*
 * Where the source put a variable by hand means something to a module's loader too
 * (.data..percpu, .data..ro_after_init, __dyndbg); code becomes ordinary code.
 */
static struct error *unit_section_name(const struct emission *emission, const struct unit *unit,
				       char *name, size_t size)
{
	const char *own = unit_section(emission->model, unit)->name;
	const char *base = own;

	if (unit->kind == UNIT_FUNC)
		base = ".text";
	else if (unit->kind == UNIT_ANON || !unit->name)
		base = own;
	else if (name_has_base(own, ".bss"))
		base = ".bss";
	else if (name_has_base(own, ".rodata"))
		base = ".rodata";
	else if (name_has_base(own, ".data"))
		base = ".data";
	else {
		snprintf(name, size, "%s", own);
		return NULL;
	}
	if (unit->kind == UNIT_ANON)
		snprintf(name, size, "%s", own);
	else if ((size_t)snprintf(name, size, "%s.%s", base, unit->name) >= size)
		return error_create(EXIT_ERROR, "the name of %s is too long", unit->name);
	return NULL;
}

static uint64_t unit_align(const struct emission *emission, const struct unit *unit)
{
	uint64_t align = unit_section(emission->model, unit)->align;
	uint64_t low = unit->start & -unit->start;

	if (!align)
		align = 1;
	return low && low < align ? low : align;
}

static struct error *emit_value(struct emission *emission, uint32_t id)
{
	const struct unit *unit = &emission->model->units.items[id];
	const struct section *section = unit_section(emission->model, unit);
	const char *base = unit->kind == UNIT_STRING ? ".rodata.str" : ".rodata.cst";
	char name[64];

	snprintf(name, sizeof(name), "%s%llu.%llu", base, (unsigned long long)section->entsize,
		 (unsigned long long)section->align);
	emission->section[id] = elf_writer_shared(emission->writer, name, SHT_PROGBITS,
						  section->flags, section->align, section->entsize);
	if (!emission->section[id])
		return error_nomem();
	emission->offset[id] =
		elf_writer_append(emission->writer, emission->section[id],
				  unit_bytes(emission->model, unit), unit->end - unit->start,
				  section->align, 0);
	return emission->offset[id] == UINT64_MAX ? error_nomem() : NULL;
}

/* The fields of relocations are left zero: the kernel refuses to relocate anything else. */
static void blank_fields(struct emission *emission, uint32_t id, uint32_t out_section)
{
	const struct unit *unit = &emission->model->units.items[id];
	const struct section *section = unit_section(emission->model, unit);
	uint8_t *data = emission->writer->sections.items[out_section].data;
	uint32_t i;

	for (i = 0; data && i < unit->reloc_count; i++) {
		const struct reloc *reloc = &section->relocs[unit->reloc_first + i];

		if (!stretch_replaces(emission->stretches[id], reloc->offset - unit->start))
			memset(data + emission_at(emission, id, reloc->offset - unit->start), 0,
			       reloc_width(reloc->type));
	}
}

/* With room for tests, where jump labels cannot be. */
static struct error *make_room(struct emission *emission, uint32_t id)
{
	const struct unit *unit = &emission->model->units.items[id];
	const uint8_t *fates = emission->selection->fates;
	struct error *err;

	for (uint32_t i = 0; i < unit->entry_count; i++) {
		if (fates[unit->entry_first + i] != ENTRY_TESTED)
			continue;
		err = stretch_make(emission->model, id, fates, &emission->stretches[id]);
		if (!err && !emission->stretches[id])
			err = error_create(EXIT_ERROR, "%s: no room can be made in %s for a test of a key",
					   emission->model->object->path, unit->name);
		return err;
	}
	return NULL;
}

static struct error *emit_bytes(struct emission *emission, uint32_t id, uint32_t out_section)
{
	const struct unit *unit = &emission->model->units.items[id];
	uint64_t align = unit_align(emission, unit), start;
	struct error *err = make_room(emission, id);
	const struct stretch *stretch = emission->stretches[id];

	if (err)
		return err;
	start = elf_writer_append(emission->writer, out_section,
				  stretch ? stretch->code : unit_bytes(emission->model, unit),
				  stretch ? stretch->size : unit->end - unit->start, align,
				  unit->kind == UNIT_FUNC ? NOP : 0);
	if (start == UINT64_MAX)
		return error_nomem();
	emission->section[id] = out_section;
	emission->offset[id] = start;
	blank_fields(emission, id, out_section);
	return NULL;
}

/*
 * A new global stays global, for the patch's other objects; a replaced one must not catch them,
 * unless it was static: then they can only mean this one.
 */
static uint8_t unit_bind(const struct emission *emission, uint32_t id)
{
	const struct correlation *correlation = emission->selection->correlation;
	const struct unit *unit = &emission->model->units.items[id];
	uint8_t bind = emission->model->object->symbols[unit->symbol].bind;
	uint32_t orig = correlation->of_patched[id];
	bool was_global;

	if (emission->selection->carry[id] == CARRY_NEW)
		return bind;
	if (emission->selection->carry[id] != CARRY_REPLACED || orig == UNIT_NONE)
		return STB_LOCAL;
	unit = &correlation->orig->units.items[orig];
	was_global = correlation->orig->object->symbols[unit->symbol].bind != STB_LOCAL;
	return was_global ? STB_LOCAL : bind;
}

static struct error *emit_symbol(struct emission *emission, uint32_t id)
{
	const struct unit *unit = &emission->model->units.items[id];
	uint64_t lead = unit->entry - unit->start, size = unit->end - unit->entry;
	const struct elf_section *section =
		&emission->writer->sections.items[emission->section[id]];

	/* over its cold piece, which is behind it in a section of its own */
	if (unit->kind == UNIT_FUNC)
		size = section->size - emission->offset[id] - lead;
	emission->symbol[id] = elf_writer_symbol(emission->writer, unit->name,
						 emission->section[id], emission->offset[id] + lead,
						 size, unit_bind(emission, id),
						 unit->kind == UNIT_FUNC ? STT_FUNC : STT_OBJECT);
	return emission->symbol[id] ? NULL : error_nomem();
}

static struct error *emit_unit(struct emission *emission, uint32_t id)
{
	const struct unit *unit = &emission->model->units.items[id];
	const struct section *section = unit_section(emission->model, unit);
	uint64_t flags = section->flags & ~(uint64_t)(SHF_GROUP | SHF_LINK_ORDER);
	struct error *err;
	uint32_t out, piece;
	char name[600];

	err = unit_section_name(emission, unit, name, sizeof(name));
	if (err)
		return err;
	if (unit->kind == UNIT_FUNC)
		out = elf_writer_section(emission->writer, name, SHT_PROGBITS, flags,
					 section->align, 0);
	else
		out = elf_writer_shared(emission->writer, name, section->type, flags, 1,
					section->entsize);
	if (!out)
		return error_nomem();
	err = emit_bytes(emission, id, out);
	if (err || !unit->name)
		return err;
	piece = unit_cold_piece(emission->model, id);
	if (piece != UNIT_NONE && emission->selection->carry[piece] == CARRY_PIECE) {
		err = emit_bytes(emission, piece, out);
		if (err)
			return err;
	}
	return emit_symbol(emission, id);
}

struct error *emit_units(struct emission *emission)
{
	uint32_t i;

	for (i = 0; i < emission->model->units.count; i++) {
		enum unit_kind kind = emission->model->units.items[i].kind;
		enum carry carry = emission->selection->carry[i];
		struct error *err;

		if (carry == CARRY_NO || carry == CARRY_PIECE)
			continue;
		if (kind == UNIT_STRING || kind == UNIT_CONST)
			err = emit_value(emission, i);
		else
			err = emit_unit(emission, i);
		if (err)
			return err;
	}
	return NULL;
}
