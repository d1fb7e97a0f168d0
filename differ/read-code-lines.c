// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In an object with a section a function, each sequence of .debug_line starts with the address of
 * its section, which a relocation has and libdwarf does not tell: the n-th sequence is of the
 * section that the n-th of these relocations names.
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read-dwarf.h"
#include "arena.h"
#include "read-code-lines.h"

struct line {
	uint32_t section;
	uint64_t address;
	long number; /* 0: the end of a sequence */
	size_t order; /* of several at one address, the last counts */
};

struct code_lines {
	struct line *items;
	size_t count, room;
	uint32_t *sections; /* of each sequence */
	size_t section_count, sequence;
	bool out_of_memory;
};

static int by_offset(const void *left, const void *right)
{
	const GElf_Rela *a = left, *b = right;

	return (a->r_offset > b->r_offset) - (a->r_offset < b->r_offset);
}

static Elf_Data *table_data(Elf *elf, const char *name, size_t *count_ret)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) < 0)
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *found = gelf_getshdr(scn, &header) ?
					    elf_strptr(elf, names, header.sh_name) : NULL;

		if (!found || strcmp(found, name) || !header.sh_entsize)
			continue;
		*count_ret = header.sh_size / header.sh_entsize;
		return elf_getdata(scn, NULL);
	}
	return NULL;
}

static bool read_sequences(Elf *elf, struct code_lines *lines)
{
	size_t count = 0, symbol_count = 0;
	Elf_Data *relocs = table_data(elf, ".rela.debug_line", &count);
	Elf_Data *symbols = table_data(elf, ".symtab", &symbol_count);
	GElf_Rela *sorted = calloc(count + 1, sizeof(*sorted));
	size_t used = 0;

	lines->sections = calloc(count + 1, sizeof(*lines->sections));
	lines->out_of_memory = !sorted || !lines->sections;
	for (size_t i = 0; sorted && lines->sections && relocs && symbols && i < count; i++)
		if (gelf_getrela(relocs, (int)i, &sorted[used]) &&
		    GELF_R_TYPE(sorted[used].r_info) == R_X86_64_64)
			used++;
	if (used)
		qsort(sorted, used, sizeof(*sorted), by_offset);
	for (size_t i = 0; i < used; i++) {
		GElf_Sym symbol;

		if (!gelf_getsym(symbols, (int)GELF_R_SYM(sorted[i].r_info), &symbol))
			break;
		lines->sections[lines->section_count++] = symbol.st_shndx;
	}
	free(sorted);
	return lines->section_count;
}

static bool open_sequences(const char *path, struct code_lines *lines)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool found = false;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf)
		found = read_sequences(elf, lines);
	else
		lines->out_of_memory = true; /* it is an object, and was read already */
	elf_end(elf);
	close(fd);
	return found;
}

static void add_line(struct code_lines *lines, Dwarf_Line from)
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
	else
		lines->out_of_memory = true;
	lines->sequence += end;
}

static void read_unit(Dwarf_Die die, struct code_lines *lines)
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

static void read_units(Dwarf_Debug debug, struct code_lines *lines)
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

static void read_lines(const char *path, struct code_lines *lines)
{
	struct debug_info info;

	if (!open_sequences(path, lines))
		return;
	if (debug_info_open(path, &info)) {
		read_units(info.debug, lines);
		debug_info_close(&info);
	}
	lines->out_of_memory |= info.out_of_memory;
	/* Not what was thought: nothing is known then. */
	if (lines->sequence != lines->section_count)
		lines->count = 0;
	if (lines->count)
		qsort(lines->items, lines->count, sizeof(*lines->items), by_address);
}

struct code_lines *code_lines_read(const char *object_path)
{
	struct code_lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return NULL;
	read_lines(object_path, lines);
	if (!lines->out_of_memory)
		return lines;
	code_lines_destroy(lines);
	return NULL;
}

/* The first line behind the place. */
static size_t line_after(const struct code_lines *lines, uint32_t section, uint64_t offset)
{
	size_t low = 0, high = lines ? lines->count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct line *line = &lines->items[middle];

		if (line->section < section || (line->section == section && line->address <= offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool code_lines_known(const struct code_lines *lines)
{
	return lines && lines->count;
}

long code_line_at(const struct code_lines *lines, uint32_t section, uint64_t offset)
{
	size_t after = line_after(lines, section, offset);

	return after && lines->items[after - 1].section == section ?
		       lines->items[after - 1].number : 0;
}

bool code_lines_next(const struct code_lines *lines, uint32_t section, uint64_t end,
		     uint64_t *at_ret, long *line_ret)
{
	size_t next = *at_ret ? line_after(lines, section, *at_ret - 1) :
				line_after(lines, section - 1, UINT64_MAX);

	if (!lines || next == lines->count || lines->items[next].section != section ||
	    lines->items[next].address >= end)
		return false;
	*at_ret = lines->items[next].address;
	*line_ret = lines->items[next].number;
	return true;
}

void code_lines_destroy(struct code_lines *lines)
{
	if (!lines)
		return;
	free(lines->items);
	free(lines->sections);
	free(lines);
}
