// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where functions and variables are declared, from DWARF.
 * In: the path of an object. Out: file and line by name; nothing without debug information.
 * Static locals are found without the compiler's number, clones without their suffix.
 */
#include <libdwarf/dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "read-dwarf.h"
#include "findings.h"

struct declaration {
	const char *name;
	uint64_t file; /* number in files[] */
	unsigned int line;
};

struct lines {
	struct arena arena;
	char **files; /* of the first compilation unit, by number */
	uint64_t file_count, file_base;
	struct {
		struct declaration *items;
		size_t count, room;
	} declarations;
	bool out_of_memory;
};

static bool lines_number(Dwarf_Die die, Dwarf_Half attribute, Dwarf_Unsigned *ret)
{
	Dwarf_Attribute attr;
	Dwarf_Signed number;
	Dwarf_Half form;
	bool found;

	if (dwarf_attr(die, attribute, &attr, NULL) != DW_DLV_OK)
		return false;
	/* a constant of the abbreviation is a signed one */
	if (dwarf_whatform(attr, &form, NULL) == DW_DLV_OK && form == DW_FORM_implicit_const) {
		found = dwarf_formsdata(attr, &number, NULL) == DW_DLV_OK;
		*ret = (Dwarf_Unsigned)number;
	} else {
		found = dwarf_formudata(attr, ret, NULL) == DW_DLV_OK;
	}
	dwarf_dealloc_attribute(attr);
	return found;
}

static void lines_add(struct lines *lines, Dwarf_Die die)
{
	struct declaration *declaration;
	Dwarf_Unsigned file, line;
	char *name;

	if (dwarf_diename(die, &name, NULL) != DW_DLV_OK ||
	    !lines_number(die, DW_AT_decl_file, &file) ||
	    !lines_number(die, DW_AT_decl_line, &line))
		return;
	declaration = array_add(&lines->declarations);
	if (!declaration) {
		lines->out_of_memory = true;
		return;
	}
	declaration->name = arena_strdup(&lines->arena, name);
	declaration->file = file;
	declaration->line = (unsigned int)line;
	if (!declaration->name)
		lines->declarations.count--;
}

/* Depth first; takes die over. */
static void lines_walk(struct lines *lines, Dwarf_Debug debug, Dwarf_Die die)
{
	while (die) {
		Dwarf_Die child, next = NULL;
		Dwarf_Half tag = 0;

		dwarf_tag(die, &tag, NULL);
		if (tag == DW_TAG_subprogram || tag == DW_TAG_variable)
			lines_add(lines, die);
		if ((tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block) &&
		    dwarf_child(die, &child, NULL) == DW_DLV_OK)
			lines_walk(lines, debug, child);
		if (dwarf_siblingof_b(debug, die, 1, &next, NULL) != DW_DLV_OK)
			next = NULL;
		dwarf_dealloc_die(die);
		die = next;
	}
}

static void lines_files(struct lines *lines, Dwarf_Debug debug, Dwarf_Die die, Dwarf_Half version)
{
	Dwarf_Signed count, i;
	char **files;

	if (dwarf_srcfiles(die, &files, &count, NULL) != DW_DLV_OK)
		return;
	lines->files = calloc((size_t)count + 1, sizeof(*lines->files));
	lines->out_of_memory |= !lines->files;
	lines->file_count = lines->files ? (uint64_t)count : 0;
	lines->file_base = version >= 5 ? 0 : 1;
	for (i = 0; i < count; i++) {
		/* klp-build maps the tree's path to ".". */
		if (lines->files)
			lines->files[i] = arena_strdup(
				&lines->arena, files[i] + (strncmp(files[i], "./", 2) ? 0 : 2));
		dwarf_dealloc(debug, files[i], DW_DLA_STRING);
	}
	dwarf_dealloc(debug, files, DW_DLA_LIST);
}

static int declaration_compare(const void *left, const void *right)
{
	const struct declaration *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : a->line < b->line ? -1 : a->line > b->line;
}

static void lines_read(struct lines *lines, Dwarf_Debug debug)
{
	Dwarf_Unsigned length, abbrev, next, type;
	Dwarf_Half version, address, size, extension, kind;
	Dwarf_Die die, child;
	Dwarf_Sig8 signature;

	if (dwarf_next_cu_header_d(debug, 1, &length, &version, &abbrev, &address, &size,
				   &extension, &signature, &type, &next, &kind,
				   NULL) != DW_DLV_OK)
		return;
	if (dwarf_siblingof_b(debug, NULL, 1, &die, NULL) != DW_DLV_OK)
		return;
	lines_files(lines, debug, die, version);
	if (dwarf_child(die, &child, NULL) == DW_DLV_OK)
		lines_walk(lines, debug, child);
	dwarf_dealloc_die(die);
	if (lines->declarations.count)
		qsort(lines->declarations.items, lines->declarations.count,
		      sizeof(*lines->declarations.items), declaration_compare);
}

struct lines *lines_open(const char *object_path)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	struct debug_info info;

	if (!lines)
		return NULL;
	if (debug_info_open(object_path, &info)) {
		lines_read(lines, info.debug);
		debug_info_close(&info);
	}
	if (!info.out_of_memory && !lines->out_of_memory && !lines->arena.failed)
		return lines;
	lines_close(lines);
	return NULL;
}

bool lines_find(const struct lines *lines, const char *name, const char **file_ret,
		unsigned int *line_ret)
{
	size_t length = strcspn(name, "."), low = 0, high = lines->declarations.count;
	const struct declaration *found;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *other = lines->declarations.items[middle].name;
		int order = strncmp(other, name, length);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == lines->declarations.count)
		return false;
	found = &lines->declarations.items[low];
	if (strncmp(found->name, name, length) || found->name[length] ||
	    found->file - lines->file_base >= lines->file_count ||
	    !lines->files[found->file - lines->file_base])
		return false;
	*file_ret = lines->files[found->file - lines->file_base];
	*line_ret = found->line;
	return true;
}

void lines_close(struct lines *lines)
{
	if (!lines)
		return;
	free(lines->declarations.items);
	free(lines->files);
	arena_destroy(&lines->arena);
	free(lines);
}
