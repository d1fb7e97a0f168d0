// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the references explicit that the assembler resolved by itself: a branch between two
 * functions of one hand-placed section (.sched.text, .noinstr.text) has a displacement and no
 * relocation, and would go astray when one of them is carried elsewhere.
 * In: the object as read. Out: the object, with a PLT32 relocation for each such branch; a PC8
 * one for a jump of two bytes, which selection refuses to carry.
 */
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "model.h"

struct span {
	uint64_t start, end;
	uint32_t symbol;
};

struct spans {
	struct span *items;
	size_t count, room;
};

struct extra {
	struct reloc *items;
	size_t count, room;
};

static int span_compare(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

static struct error *hidden_collect_functions(const struct object *object, uint32_t section,
					      struct spans *spans)
{
	size_t i;

	for (i = 1; i < object->symbol_count; i++) {
		const struct symbol *symbol = &object->symbols[i];
		struct span *span;

		if (symbol->section != section || symbol->type != STT_FUNC)
			continue;
		span = array_add(spans);
		if (!span)
			return error_nomem();
		*span = (struct span){ symbol->value, symbol->value + symbol->size, (uint32_t)i };
	}
	if (spans->count)
		qsort(spans->items, spans->count, sizeof(*spans->items), span_compare);
	return NULL;
}

static bool hidden_has_reloc(const struct section *section, uint64_t offset)
{
	size_t low = 0, high = section->reloc_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (section->relocs[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < section->reloc_count && section->relocs[low].offset == offset;
}

static const struct span *hidden_find(const struct spans *spans, uint64_t offset)
{
	size_t low = 0, high = spans->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (spans->items[middle].start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset < spans->items[low - 1].end ? &spans->items[low - 1] : NULL;
}

static struct error *hidden_scan(const struct section *section, const struct spans *spans,
				 const struct span *span, struct extra *extra)
{
	uint64_t at = span->start;

	while (at < span->end) {
		const struct span *target;
		struct instruction insn;
		struct reloc *reloc;
		uint64_t where;

		if (!code_decode(section->data + at, span->end - at, &insn))
			return NULL; /* model_decode() finds it again and says so */
		where = at + insn.length + (uint64_t)insn.displacement;
		if (insn.is_relative &&
		    (insn.displacement_size == 4 || insn.displacement_size == 1) &&
		    !hidden_has_reloc(section, at + insn.displacement_at) &&
		    (where < span->start || where >= span->end)) {
			target = hidden_find(spans, where);
			if (target) {
				reloc = array_add(extra);
				if (!reloc)
					return error_nomem();
				reloc->offset = at + insn.displacement_at;
				reloc->type = insn.displacement_size == 4 ? R_X86_64_PLT32 :
									    R_X86_64_PC8;
				reloc->symbol = target->symbol;
				reloc->addend = (int64_t)(where - target->start) -
						insn.displacement_size;
			}
		}
		at += insn.length;
	}
	return NULL;
}

static int hidden_compare(const void *left, const void *right)
{
	const struct reloc *a = left, *b = right;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static struct error *hidden_merge(struct section *section, const struct extra *extra)
{
	size_t count = section->reloc_count + extra->count;
	struct reloc *relocs = reallocarray(section->relocs, count + 1, sizeof(*relocs));

	if (!relocs)
		return error_nomem();
	memcpy(relocs + section->reloc_count, extra->items, extra->count * sizeof(*relocs));
	section->relocs = relocs;
	section->reloc_count = (uint32_t)count;
	qsort(relocs, count, sizeof(*relocs), hidden_compare);
	return NULL;
}

static struct error *hidden_expose_section(struct object *object, uint32_t index)
{
	struct section *section = &object->sections[index];
	struct error *err = NULL;
	struct spans spans = { 0 };
	struct extra extra = { 0 };
	size_t i;

	err = hidden_collect_functions(object, index, &spans);
	if (!err && spans.count > 1) {
		for (i = 0; !err && i < spans.count; i++)
			if (!i || spans.items[i].start != spans.items[i - 1].start)
				err = hidden_scan(section, &spans, &spans.items[i], &extra);
		if (!err && extra.count)
			err = hidden_merge(section, &extra);
	}
	free(spans.items);
	free(extra.items);
	return err;
}

struct error *model_expose_hidden(struct object *object)
{
	uint32_t *functions = calloc(object->section_count, sizeof(*functions));
	struct error *err = NULL;
	size_t i;

	if (!functions)
		return error_nomem();
	for (i = 1; i < object->symbol_count; i++)
		if (object->symbols[i].type == STT_FUNC &&
		    symbol_is_defined(object, &object->symbols[i]))
			functions[object->symbols[i].section]++;
	for (i = 1; !err && i < object->section_count; i++)
		if (functions[i] > 1 && object->sections[i].data &&
		    (object->sections[i].flags & SHF_EXECINSTR))
			err = hidden_expose_section(object, (uint32_t)i);
	free(functions);
	return err;
}
