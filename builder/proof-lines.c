// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In an object with a section a function, each sequence of .debug_line starts with the address of
 * its section, which a relocation has and libdwarf does not tell: the n-th sequence is of the
 * section that the n-th of these relocations names.
 */
#include <libdwarf/libdwarf.h>
#include <stdlib.h>
#include <string.h>

#include "../differ/arena.h"
#include "proof-lines.h"

struct line {
	uint32_t section;
	uint64_t address;
	long number; /* 0: the end of a sequence */
	size_t order; /* of several at one address, the last counts */
};

struct proof_lines {
	struct line *items;
	size_t count, room;
	uint32_t *sections; /* of each sequence */
	size_t section_count, sequence;
};

static int by_offset(const void *left, const void *right)
{
	const Elf64_Rela *a = left, *b = right;

	return (a->r_offset > b->r_offset) - (a->r_offset < b->r_offset);
}

static bool read_sequences(const struct ko *ko, struct proof_lines *lines)
{
	const Elf64_Rela *relocs;
	Elf64_Rela *sorted;
	size_t count, table = ko_find_section(ko, ".rela.debug_line");

	if (!table)
		return false;
	relocs = ko_relocs(&ko->sections[table], &count);
	sorted = calloc(count + 1, sizeof(*sorted));
	lines->sections = calloc(count + 1, sizeof(*lines->sections));
	if (sorted && lines->sections && count) {
		memcpy(sorted, relocs, count * sizeof(*sorted));
		qsort(sorted, count, sizeof(*sorted), by_offset);
		for (size_t i = 0; i < count; i++)
			if (ELF64_R_TYPE(sorted[i].r_info) == R_X86_64_64)
				lines->sections[lines->section_count++] =
					ko->symbols[ELF64_R_SYM(sorted[i].r_info)].st_shndx;
	}
	free(sorted);
	return lines->section_count;
}

static void add_line(struct proof_lines *lines, Dwarf_Line from)
{
	Dwarf_Addr address;
	Dwarf_Unsigned number;
	Dwarf_Bool end;
	struct line *line;

	if (lines->sequence >= lines->section_count ||
	    dwarf_lineaddr(from, &address, NULL) != DW_DLV_OK ||
	    dwarf_lineno(from, &number, NULL) != DW_DLV_OK ||
	    dwarf_lineendsequence(from, &end, NULL) != DW_DLV_OK)
		return;
	line = array_add(lines);
	if (line)
		*line = (struct line){ lines->sections[lines->sequence], address,
				       end ? 0 : (long)number, lines->count };
	lines->sequence += end;
}

static void read_unit(Dwarf_Die die, struct proof_lines *lines)
{
	Dwarf_Line_Context context;
	Dwarf_Unsigned version;
	Dwarf_Small tables;
	Dwarf_Line *all;
	Dwarf_Signed count;

	if (dwarf_srclines_b(die, &version, &tables, &context, NULL) != DW_DLV_OK)
		return;
	if (dwarf_srclines_from_linecontext(context, &all, &count, NULL) == DW_DLV_OK)
		for (Dwarf_Signed i = 0; i < count; i++)
			add_line(lines, all[i]);
	dwarf_srclines_dealloc_b(context);
}

static void read_units(Dwarf_Debug debug, struct proof_lines *lines)
{
	Dwarf_Unsigned next;
	Dwarf_Half type;

	while (dwarf_next_cu_header_d(debug, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
				      &next, &type, NULL) == DW_DLV_OK) {
		Dwarf_Die die;

		if (dwarf_siblingof_b(debug, NULL, 1, &die, NULL) != DW_DLV_OK)
			continue;
		read_unit(die, lines);
		dwarf_dealloc_die(die);
	}
}

static int by_address(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	/* where one sequence ends and the next begins, the latter counts */
	if (!a->number != !b->number)
		return a->number ? 1 : -1;
	return (a->order > b->order) - (a->order < b->order);
}

/* With a handler, no call of libdwarf's has to free an error. */
static void ignore_error(Dwarf_Error err, Dwarf_Ptr data)
{
}

static void read_lines(const struct proof_object *object, struct proof_lines *lines)
{
	Dwarf_Debug debug;

	if (!read_sequences(object->ko, lines) ||
	    dwarf_init_path(object->path, NULL, 0, DW_DLC_READ, DW_GROUPNUMBER_ANY, ignore_error,
			    NULL, &debug, NULL, 0, NULL, NULL) != DW_DLV_OK)
		return;
	read_units(debug, lines);
	dwarf_finish(debug, NULL);
	/* Not what was thought: nothing is known then. */
	if (lines->sequence != lines->section_count)
		lines->count = 0;
	if (lines->count)
		qsort(lines->items, lines->count, sizeof(*lines->items), by_address);
}

long proof_line_at(const struct proof_object *object, struct proof_lines **known, uint32_t section,
		   uint64_t offset)
{
	struct proof_lines *lines = *known;
	size_t low = 0, high;

	if (!lines) {
		lines = *known = calloc(1, sizeof(*lines));
		if (!lines)
			return 0;
		read_lines(object, lines);
	}
	high = lines->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct line *line = &lines->items[middle];

		if (line->section < section || (line->section == section && line->address <= offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low && lines->items[low - 1].section == section ? lines->items[low - 1].number : 0;
}

void proof_lines_destroy(struct proof_lines *lines)
{
	if (!lines)
		return;
	free(lines->items);
	free(lines->sections);
	free(lines);
}
