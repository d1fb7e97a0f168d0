// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: an object. Out: a list of the ranges of inlined code, by the function that they are in.
 * Addresses are those of a section: with a section a function, the function's name tells which.
 */
#include <libdwarf/dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "read-dwarf.h"
#include "read-inlines.h"

struct range {
	const char *function, *inlined;
	uint64_t low, high;
	unsigned int depth; /* how many others it is inlined in */
	long line;	    /* of the call; 0 when it is not known */
};

struct inlines {
	struct arena arena;
	struct {
		struct range *items;
		size_t count, room;
	} ranges;
	bool out_of_memory;
};

struct walk {
	struct inlines *inlines;
	Dwarf_Debug debug;
	const char *function; /* the one around */
	const char *inlined;  /* whose ranges are being read */
	unsigned int depth;
	long line;
};

/* The name, or that of what it is an instance of. */
static const char *name_of(struct walk *walk, Dwarf_Die die)
{
	Dwarf_Attribute attribute;
	Dwarf_Off offset;
	Dwarf_Die origin;
	char *name;
	const char *copy = NULL;

	if (dwarf_diename(die, &name, NULL) == DW_DLV_OK)
		return arena_strdup(&walk->inlines->arena, name);
	if (dwarf_attr(die, DW_AT_abstract_origin, &attribute, NULL) != DW_DLV_OK)
		return NULL;
	if (dwarf_global_formref(attribute, &offset, NULL) == DW_DLV_OK &&
	    dwarf_offdie_b(walk->debug, offset, 1, &origin, NULL) == DW_DLV_OK) {
		if (dwarf_diename(origin, &name, NULL) == DW_DLV_OK)
			copy = arena_strdup(&walk->inlines->arena, name);
		dwarf_dealloc_die(origin);
	}
	dwarf_dealloc_attribute(attribute);
	return copy;
}

static void add_range(struct walk *walk, uint64_t low, uint64_t high)
{
	struct range *range = low < high ? array_add(&walk->inlines->ranges) : NULL;

	walk->inlines->out_of_memory |= !range && low < high;
	if (range)
		*range = (struct range){ walk->function, walk->inlined, low,
					high, walk->depth, walk->line };
}

static void add_list(struct walk *walk, Dwarf_Attribute attribute)
{
	Dwarf_Unsigned value, count, offset;
	Dwarf_Rnglists_Head head;
	Dwarf_Half form;

	if (dwarf_whatform(attribute, &form, NULL) != DW_DLV_OK)
		return;
	if (form == DW_FORM_rnglistx ? dwarf_formudata(attribute, &value, NULL) != DW_DLV_OK :
				       dwarf_global_formref(attribute, &value, NULL) != DW_DLV_OK)
		return;
	if (dwarf_rnglists_get_rle_head(attribute, form, value, &head, &count, &offset, NULL) !=
	    DW_DLV_OK)
		return;
	for (Dwarf_Unsigned i = 0; i < count; i++) {
		Dwarf_Unsigned raw1, raw2, low, high;
		unsigned int length, code;
		Dwarf_Bool missing;

		if (dwarf_get_rnglists_entry_fields_a(head, i, &length, &code, &raw1, &raw2,
						      &missing, &low, &high, NULL) == DW_DLV_OK &&
		    !missing && code != DW_RLE_end_of_list && code != DW_RLE_base_address)
			add_range(walk, low, high);
	}
	dwarf_dealloc_rnglists_head(head);
}

static void add_ranges(struct walk *walk, Dwarf_Die die)
{
	Dwarf_Attribute attribute;
	enum Dwarf_Form_Class class;
	Dwarf_Addr low, high;
	Dwarf_Half form;

	if (dwarf_lowpc(die, &low, NULL) == DW_DLV_OK &&
	    dwarf_highpc_b(die, &high, &form, &class, NULL) == DW_DLV_OK) {
		add_range(walk, low, class == DW_FORM_CLASS_CONSTANT ? low + high : high);
		return;
	}
	if (dwarf_attr(die, DW_AT_ranges, &attribute, NULL) != DW_DLV_OK)
		return;
	add_list(walk, attribute);
	dwarf_dealloc_attribute(attribute);
}

static long call_line(Dwarf_Die die)
{
	Dwarf_Attribute attribute;
	Dwarf_Unsigned line = 0;

	if (dwarf_attr(die, DW_AT_call_line, &attribute, NULL) != DW_DLV_OK)
		return 0;
	if (dwarf_formudata(attribute, &line, NULL) != DW_DLV_OK)
		line = 0;
	dwarf_dealloc_attribute(attribute);
	return (long)line;
}

/* Takes die over: it and all behind it. */
static void walk_dies(struct walk walk, Dwarf_Die die)
{
	while (die) {
		Dwarf_Die child, next = NULL;
		struct walk below = walk;
		Dwarf_Half tag = 0;

		dwarf_tag(die, &tag, NULL);
		if (tag == DW_TAG_subprogram) {
			below.function = name_of(&walk, die);
			below.depth = 0;
		} else if (tag == DW_TAG_inlined_subroutine && walk.function) {
			below.inlined = name_of(&walk, die);
			below.line = call_line(die);
			if (below.inlined)
				add_ranges(&below, die);
			below.depth++;
		}
		if (dwarf_child(die, &child, NULL) == DW_DLV_OK)
			walk_dies(below, child);
		if (dwarf_siblingof_b(walk.debug, die, 1, &next, NULL) != DW_DLV_OK)
			next = NULL;
		dwarf_dealloc_die(die);
		die = next;
	}
}

static int by_function(const void *left, const void *right)
{
	const struct range *a = left, *b = right;
	int order = strcmp(a->function, b->function);

	if (order)
		return order;
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return (a->depth > b->depth) - (a->depth < b->depth);
}

struct inlines *inlines_read(const char *object_path)
{
	struct inlines *inlines = calloc(1, sizeof(*inlines));
	struct walk walk = { .inlines = inlines };
	struct debug_info info;
	Dwarf_Unsigned next;
	Dwarf_Half type;
	bool open;

	if (!inlines)
		return NULL;
	open = debug_info_open(object_path, &info);
	walk.debug = info.debug;
	while (open && dwarf_next_cu_header_d(walk.debug, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
				      &next, &type, NULL) == DW_DLV_OK) {
		Dwarf_Die die;

		if (dwarf_siblingof_b(walk.debug, NULL, 1, &die, NULL) == DW_DLV_OK)
			walk_dies(walk, die);
	}
	if (open)
		debug_info_close(&info);
	if (inlines->ranges.count)
		qsort(inlines->ranges.items, inlines->ranges.count, sizeof(*inlines->ranges.items),
		      by_function);
	if (!info.out_of_memory && !inlines->out_of_memory && !inlines->arena.failed)
		return inlines;
	inlines_destroy(inlines);
	return NULL;
}

/* The ranges of a function by the source's name: without .cold, .isra, ... The first, and the end. */
static const struct range *ranges_of(const struct inlines *inlines, const char *function,
				     const struct range **end_ret)
{
	const struct range *items = inlines->ranges.items;
	size_t length = strcspn(function, "."), low = 0, high = inlines->ranges.count, end;

	*end_ret = NULL;
	if (!items)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		/* as strcmp() would have it, of the name up to its dot */
		if (strncmp(items[middle].function, function, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < inlines->ranges.count; end++)
		if (strncmp(items[end].function, function, length) || items[end].function[length])
			break;
	*end_ret = items + end;
	return items + low;
}

const char *inlines_at(const struct inlines *inlines, const char *function, uint64_t address,
		       unsigned int depth)
{
	const struct range *found = NULL, *first, *end;
	unsigned int below = UINT32_MAX;

	if (!inlines)
		return NULL;
	first = ranges_of(inlines, function, &end);
	/* each time the deepest that is above the one before */
	for (unsigned int n = 0; n <= depth; n++) {
		found = NULL;
		for (const struct range *range = first; range < end; range++)
			if (address >= range->low && address < range->high &&
			    range->depth < below && (!found || range->depth > found->depth))
				found = range;
		if (!found)
			return NULL;
		below = found->depth;
	}
	return found->inlined;
}

bool inlines_called_at(const struct inlines *inlines, const char *function, uint64_t address,
		       long line)
{
	const struct range *end;

	if (!inlines || line <= 0)
		return false;
	for (const struct range *range = ranges_of(inlines, function, &end); range < end; range++)
		if (address >= range->low && address < range->high && range->line == line)
			return true;
	return false;
}

void inlines_say(const struct inlines *inlines, const char *function, uint64_t address, char *buffer,
		 size_t size)
{
	*buffer = 0;
	for (unsigned int depth = 0; depth < 4; depth++) {
		const char *name = inlines_at(inlines, function, address, depth);
		int written;

		if (!name)
			return;
		written = snprintf(buffer, size,
				   depth ? " by way of %s" : ", first in code of %s, inlined", name);
		if (written < 0 || (size_t)written >= size)
			return;
		buffer += written;
		size -= (size_t)written;
	}
}

void inlines_destroy(struct inlines *inlines)
{
	if (!inlines)
		return;
	free(inlines->ranges.items);
	arena_destroy(&inlines->arena);
	free(inlines);
}
