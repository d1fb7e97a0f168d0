// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes room in a function's code.
 *
 * A jump label is a no-op or a jump of two or five bytes, which the kernel changes when the key does. A test of the key
 * itself takes thirteen. What is behind it moves, and a short jump over it may not reach any more: each is made a long
 * one, which needs no second look.
 */
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "select.h"
#include "stretch.h"

#define ALT_LENGTH_FROM_END 2 /* of the instructions that are replaced; arch/x86/include/asm/alternative.h */
#define PARAVIRT_LENGTH_AT 9

static const uint8_t nop[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
static const uint8_t test[STRETCH_SIZE] = { 0x83, 0x3d, 0, 0, 0, 0, 0, 0x0f };

struct making {
	const struct model *model;
	const struct unit *unit;
	const uint8_t *fates;
	const uint8_t *bytes;
	uint64_t size;
	struct stretch *stretch;
	bool *starts; /* by offset: an instruction begins there */
	bool out_of_memory;
};

static bool is_relocated(const struct making *making, uint64_t field)
{
	const struct reloc *relocs = unit_section(making->model, making->unit)->relocs;

	for (uint32_t i = 0; i < making->unit->reloc_count; i++)
		if (relocs[making->unit->reloc_first + i].offset == making->unit->start + field)
			return true;
	return false;
}

static const struct entry *jump_label_at(const struct making *making, uint64_t at, bool *tested_ret)
{
	for (uint32_t i = 0; i < making->unit->entry_count; i++) {
		uint32_t index = making->unit->entry_first + i;
		const struct entry *entry = &making->model->entries.items[index];

		if (entry->special != SPECIAL_JUMP || entry->owner_offset != at)
			continue;
		*tested_ret = making->fates[index] == ENTRY_TESTED;
		return entry;
	}
	return NULL;
}

/* Instructions of a counted length are there, which others take the place of. */
static bool is_counted(const struct making *making, uint64_t at)
{
	for (uint32_t i = 0; i < making->unit->entry_count; i++) {
		const struct entry *entry = &making->model->entries.items[making->unit->entry_first + i];
		const struct section *table = &making->model->object->sections[entry->section];
		uint64_t length;

		if (entry->special == SPECIAL_ALT)
			length = table->data[entry->offset + entry->size - ALT_LENGTH_FROM_END];
		else if (entry->special == SPECIAL_PARA)
			length = table->data[entry->offset + PARAVIRT_LENGTH_AT];
		else
			continue;
		if (at >= entry->owner_offset && at - entry->owner_offset < length)
			return true;
	}
	return false;
}

static void put(struct making *making, const uint8_t *bytes, size_t size)
{
	memcpy(making->stretch->code + making->stretch->size, bytes, size);
	making->stretch->size += size;
}

/* What is from this offset on has moved from where the last ones went. */
static void moved(struct making *making, uint64_t from)
{
	struct stretch_move *move = array_add(&making->stretch->moves);

	if (move)
		*move = (struct stretch_move){ from, making->stretch->size };
	else
		making->out_of_memory = true;
}

/* A hint whether the jump is taken, in front of it. */
static bool is_hint(uint8_t byte)
{
	return byte == 0x2e || byte == 0x3e;
}

static bool is_short_jump(const uint8_t *bytes, const struct instruction *insn)
{
	if (insn->length == 3 && is_hint(*bytes))
		bytes++;
	else if (insn->length != 2)
		return false;
	return (*bytes & 0xf0) == 0x70 || *bytes == 0xeb;
}

/* The long form, its field 0. */
static void put_long(struct making *making, const uint8_t *bytes)
{
	if (is_hint(*bytes))
		put(making, bytes++, 1);
	if (*bytes == 0xeb)
		put(making, (const uint8_t[]){ 0xe9, 0, 0, 0, 0 }, 5);
	else
		put(making, (const uint8_t[]){ 0x0f, (uint8_t)(0x80 | (*bytes & 0x0f)), 0, 0, 0, 0 }, 6);
}

static void put_test(struct making *making, uint64_t at, const struct instruction *insn)
{
	struct stretch_test *place = array_add(&making->stretch->tests);

	if (place)
		*place = (struct stretch_test){ at, at + insn->length };
	else
		making->out_of_memory = true;
	put(making, test, sizeof(test));
}

/* False: it cannot be put. */
static bool put_instruction(struct making *making, uint64_t at, const struct instruction *insn)
{
	const uint8_t *bytes = making->bytes + at;
	bool tested = false;
	const struct entry *label = jump_label_at(making, at, &tested);

	making->starts[at] = true;
	if (label && (insn->length != 2 && insn->length != 5))
		return false;
	if (tested)
		put_test(making, at, insn);
	else if (label && !insn->is_jump)
		put(making, nop, sizeof(nop));
	else if (is_short_jump(bytes, insn) && !is_relocated(making, at + insn->displacement_at))
		put_long(making, bytes);
	else if (insn->is_relative && insn->displacement_size != 4)
		return false;
	else {
		put(making, bytes, insn->length);
		return true;
	}
	if (is_counted(making, at))
		return false;
	moved(making, at + insn->length);
	return true;
}

static bool put_all(struct making *making)
{
	struct instruction insn;

	for (uint64_t at = 0; at < making->size; at += insn.length)
		if (!code_decode(making->bytes + at, making->size - at, &insn) || !put_instruction(making, at, &insn))
			return false;
	return true;
}

/* The field of four bytes that ends the instruction there, or lies before its immediate, leads to this offset. */
static bool settle(struct making *making, uint64_t field, uint64_t end, uint64_t target)
{
	int32_t value = (int32_t)(stretch_at(making->stretch, target) - end);

	if (target > making->size || (target < making->size && !making->starts[target]))
		return false;
	memcpy(making->stretch->code + field, &value, sizeof(value));
	return true;
}

static bool settle_instruction(struct making *making, uint64_t at, const struct instruction *insn)
{
	uint64_t here = stretch_at(making->stretch, at), end = stretch_at(making->stretch, at + insn->length);
	bool tested = false;

	jump_label_at(making, at, &tested);
	if (tested)
		return true;
	if (insn->is_relative && !is_relocated(making, at + insn->displacement_at))
		return settle(making, end - 4, end, at + insn->length + (uint64_t)insn->displacement);
	if (insn->is_rip && !is_relocated(making, at + insn->memory_at))
		return settle(making, here + insn->memory_at, end, at + insn->length + (uint64_t)insn->memory);
	return true;
}

static bool settle_all(struct making *making)
{
	struct instruction insn;

	for (uint64_t at = 0; at < making->size; at += insn.length)
		if (!code_decode(making->bytes + at, making->size - at, &insn) || !settle_instruction(making, at, &insn))
			return false;
	return true;
}

struct error *stretch_make(const struct model *model, uint32_t unit, const uint8_t *fates, struct stretch **ret)
{
	const struct unit *from = &model->units.items[unit];
	struct making making = {
		.model = model,
		.unit = from,
		.fates = fates,
		.bytes = unit_bytes(model, from),
		.size = from->end - from->start,
		.stretch = calloc(1, sizeof(*making.stretch)),
	};
	bool made = false;

	*ret = NULL;
	making.starts = calloc(making.size + 1, sizeof(*making.starts));
	if (making.stretch)
		making.stretch->code = malloc(making.size * STRETCH_SIZE + 1); /* no instruction becomes longer */
	if (!making.starts || !making.stretch || !making.stretch->code)
		making.out_of_memory = true;
	else
		made = making.bytes && put_all(&making) && settle_all(&making);
	free(making.starts);
	if (made && !making.out_of_memory)
		*ret = making.stretch;
	else
		stretch_destroy(making.stretch);
	return making.out_of_memory ? error_nomem() : NULL;
}

void stretch_destroy(struct stretch *stretch)
{
	if (!stretch)
		return;
	free(stretch->code);
	free(stretch->moves.items);
	free(stretch->tests.items);
	free(stretch);
}

bool stretch_replaces(const struct stretch *stretch, uint64_t offset)
{
	for (size_t i = 0; stretch && i < stretch->tests.count; i++)
		if (offset >= stretch->tests.items[i].start && offset < stretch->tests.items[i].end)
			return true;
	return false;
}

uint64_t stretch_at(const struct stretch *stretch, uint64_t offset)
{
	size_t low = 0, high = stretch ? stretch->moves.count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stretch->moves.items[middle].from <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? stretch->moves.items[low - 1].to + (offset - stretch->moves.items[low - 1].from) : offset;
}
