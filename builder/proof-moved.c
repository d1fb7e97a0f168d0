// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the module has an instruction of a carried function.
 *
 * A jump label follows a key of the kernel's, or of the patch's own. The sites of a key that is in a module are known
 * to nobody when that comes later: the code tests such a key itself, in thirteen bytes, and each jump over one that may
 * have become too far is a long one. What is not in such a function is where it was.
 */
#include <Zydis/Zydis.h>
#include <string.h>

#include "proof-state.h"

#define TEST_SIZE 13
#define LONG_JUMP 5
#define LONG_CONDITIONAL 6
#define LONG_LABEL 5

/* Which are never on, and have their own no-op. */
static bool is_dropped(const struct proof_object *object, const struct proof_place *key, uint32_t symbol)
{
	return !strncmp(object->symbols[symbol].name, "__tracepoint_", strlen("__tracepoint_")) ||
	       (key->space == PLACE_SECTION && !strcmp(object->sections[key->index].name, "__dyndbg"));
}

bool proof_is_tested(const struct proof *proof, const struct proof_side *side, uint32_t section, uint64_t at)
{
	struct proof_jump_label label;
	struct proof_running is;
	int64_t offset;
	uint32_t key;

	if (!proof_jump_label_at(side->patched, section, at, &label))
		return false;
	key = proof_symbol_at(side->patched, &label.key, &offset);
	if (!key || is_dropped(side->patched, &label.key, key))
		return false;
	is = proof_running_of_patched(proof, side, key);
	return is.kind == RUNNING_MODULE || is.kind == RUNNING_EXPORT;
}

bool proof_has_tests(const struct proof *proof, const struct proof_side *side, const struct proof_code *code)
{
	size_t count;
	const struct proof_entry *entries =
		proof_entries_of(side->patched_entries, code->section, code->start, code->size, &count);

	for (size_t i = 0; i < count; i++)
		if (entries[i].special == PROOF_JUMP_LABELS &&
		    proof_is_tested(proof, side, code->section, entries[i].code))
			return true;
	return false;
}

static uint64_t length_there(const struct proof *proof, const struct proof_side *side, const struct proof_code *code,
			     uint64_t at, const ZydisDecodedInstruction *insn)
{
	bool is_label = proof_entry_at(side->patched_entries, code->section, code->start + at, PROOF_JUMP_LABELS);

	if (is_label && proof_is_tested(proof, side, code->section, code->start + at))
		return TEST_SIZE;
	if (is_label)
		return LONG_LABEL;
	if (insn->raw.imm[0].size != 8 || !insn->raw.imm[0].is_relative)
		return insn->length;
	return insn->raw.prefix_count +
	       (insn->meta.category == ZYDIS_CATEGORY_COND_BR ? LONG_CONDITIONAL : LONG_JUMP);
}

uint64_t proof_moved(const struct proof *proof, const struct proof_side *side, const struct proof_code *code,
		     uint64_t offset)
{
	ZydisDecodedInstruction insn;
	ZydisDecoder decoder;
	uint64_t there = 0;

	if (!proof_has_tests(proof, side, code))
		return offset;
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (uint64_t at = 0; at < code->size; at += insn.length) {
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code->bytes + at, code->size - at,
								&insn)) ||
		    offset < at + insn.length)
			return there + (offset - at);
		there += length_there(proof, side, code, at, &insn);
	}
	return there + (offset - code->size);
}
