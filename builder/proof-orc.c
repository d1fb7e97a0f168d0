// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The unwinder's table, against the code: the stack pointer's offset that it gives for an
 * instruction, and what the instruction does to the stack, make the offset of those that follow; also
 * for the instructions that an alternative puts in the place of others.
 * Layout: arch/x86/include/asm/orc_types.h, the same in 6.1 and 6.12 in what is read here.
 */
#include <Zydis/Zydis.h>
#include <stdlib.h>
#include <string.h>

#include "proof-state.h"

#define ORC_SIZE 6
#define ORC_REG_SP 5
#define CALL_FRAME 8 /* at the entry of a function: the return address */

struct orc {
	bool known; /* an offset from the stack pointer */
	int sp;
};

struct flow {
	bool known;	 /* what it does to the stack pointer */
	int delta;	 /* how much is pushed */
	bool ends;	 /* nothing follows */
	bool may_end;	 /* a call that may not return, a trap */
	bool branches;
	uint64_t target; /* from the code's start; may be outside */
};

struct frames {
	struct proof *proof;
	const struct proof_side *side;
	const struct proof_code *code;
	const char *name;
	const struct proof_entry *entries; /* of the section, from before the code on */
	size_t count;
};

/* The last entry at or before the place. */
static struct orc orc_at(const struct frames *frames, uint64_t offset)
{
	const struct proof_entries *all = frames->proof->ko_entries;
	uint64_t place = frames->code->start + offset;
	const struct proof_entry *found = NULL;
	const uint8_t *data;
	int16_t sp;
	size_t low = 0, high = all->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct proof_entry *entry = &all->items[middle];

		if (entry->code_section < frames->code->section ||
		    (entry->code_section == frames->code->section && entry->code <= place))
			low = middle + 1;
		else
			high = middle;
	}
	while (low-- > 0 && all->items[low].code_section == frames->code->section && !found)
		if (all->items[low].special == PROOF_ORC)
			found = &all->items[low];
	if (!found || !all->orc ||
	    found->at / 4 * ORC_SIZE + ORC_SIZE > all->object->sections[all->orc].size)
		return (struct orc){ false, 0 };
	data = all->object->sections[all->orc].data + found->at / 4 * ORC_SIZE;
	memcpy(&sp, data, sizeof(sp));
	return (struct orc){ (data[4] & 0x0f) == ORC_REG_SP, sp };
}

static bool is_stack_pointer(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       operand->reg.value == ZYDIS_REGISTER_RSP;
}

static bool writes_stack_pointer(const ZydisDecodedInstruction *insn,
				 const ZydisDecodedOperand *operands)
{
	for (uint8_t i = 0; i < insn->operand_count; i++)
		if (is_stack_pointer(&operands[i]) &&
		    operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return true;
	return false;
}

static void flow_of_branch(const ZydisDecodedInstruction *insn, uint64_t at, struct flow *flow)
{
	if (!insn->raw.imm[0].is_relative)
		return;
	flow->branches = true;
	flow->target = at + insn->length + (uint64_t)insn->raw.imm[0].value.s;
}

static struct flow flow_of(const ZydisDecodedInstruction *insn,
			   const ZydisDecodedOperand *operands, uint64_t at)
{
	struct flow flow = { .known = true };

	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_PUSH:
	case ZYDIS_MNEMONIC_PUSHFQ:
		flow.delta = 8;
		return flow;
	case ZYDIS_MNEMONIC_POP:
	case ZYDIS_MNEMONIC_POPFQ:
		flow.delta = -8;
		flow.known = !is_stack_pointer(&operands[0]);
		return flow;
	case ZYDIS_MNEMONIC_SUB:
	case ZYDIS_MNEMONIC_ADD:
		if (!is_stack_pointer(&operands[0]))
			return flow;
		flow.known = operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
		flow.delta = (int)operands[1].imm.value.s;
		if (insn->mnemonic == ZYDIS_MNEMONIC_ADD)
			flow.delta = -flow.delta;
		return flow;
	case ZYDIS_MNEMONIC_CALL:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_UD1:
		flow.may_end = true;
		return flow;
	case ZYDIS_MNEMONIC_RET:
	case ZYDIS_MNEMONIC_INT3:
		flow.ends = true;
		return flow;
	default:
		break;
	}
	if (insn->meta.category == ZYDIS_CATEGORY_UNCOND_BR) {
		flow.ends = true;
		flow_of_branch(insn, at, &flow);
	} else if (insn->meta.category == ZYDIS_CATEGORY_COND_BR) {
		flow_of_branch(insn, at, &flow);
	} else if (writes_stack_pointer(insn, operands)) {
		flow.known = false;
	}
	return flow;
}

static bool edge_fits(struct frames *frames, const struct orc *from, int delta, uint64_t to)
{
	struct orc there;

	if (to >= frames->code->size)
		return true;
	there = orc_at(frames, to);
	/* a stack that is aligned anew is found by another register */
	return !there.known || there.sp == from->sp + delta;
}

static void complain(struct frames *frames, uint64_t at)
{
	proof_complain(frames->proof, frames->side, frames->name,
		       "the unwinder's entry for +0x%llx does not fit the code",
		       (unsigned long long)at);
}

/* Jump labels and exception table entries lead somewhere, too: their second field says where. */
static bool entries_fit(struct frames *frames)
{
	const struct proof_code *code = frames->code;
	size_t count;
	const struct proof_entry *entries = proof_entries_of(
		frames->proof->ko_entries, code->section, code->start, code->size, &count);

	for (size_t i = 0; i < count; i++) {
		const struct proof_section *section =
			&frames->proof->ko->sections[entries[i].section];
		uint32_t n = proof_first_reloc(section, entries[i].at + 4);
		struct proof_place to;
		struct orc from;

		if ((entries[i].special != PROOF_JUMP_LABELS &&
		     entries[i].special != PROOF_EXCEPTIONS) ||
		    n == section->reloc_count || section->relocs[n].offset != entries[i].at + 4)
			continue;
		to = proof_reloc_place(frames->proof->ko, &section->relocs[n], 0);
		from = orc_at(frames, entries[i].code - code->start);
		if (to.space != PLACE_SECTION || to.index != code->section ||
		    to.value < code->start || !from.known)
			continue;
		if (!edge_fits(frames, &from, 0, to.value - code->start)) {
			complain(frames, to.value - code->start);
			return false;
		}
	}
	return true;
}

static bool insn_fits(struct frames *frames, const ZydisDecodedInstruction *insn,
		      const ZydisDecodedOperand *operands, uint64_t at, bool relocated)
{
	struct flow flow = flow_of(insn, operands, at);
	struct orc from = orc_at(frames, at);
	uint64_t next = at + insn->length;

	frames->proof->summary.frames++;
	if (!from.known || !flow.known)
		return true;
	if (flow.branches && !relocated && !edge_fits(frames, &from, 0, flow.target)) {
		complain(frames, flow.target);
		return false;
	}
	if (!flow.ends && !flow.may_end && !edge_fits(frames, &from, flow.delta, next)) {
		complain(frames, next);
		return false;
	}
	return true;
}

/*
 * Instructions that are there from at on: the code itself, or what an alternative puts there. False
 * when one does not fit; what cannot be decoded ends it.
 */
static bool range_fits(struct frames *frames, const struct proof_code *from, uint64_t at)
{
	const struct proof_section *section = &frames->proof->ko->sections[from->section];
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (uint64_t done = 0; done < from->size;) {
		ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
		ZydisDecodedInstruction insn;
		uint32_t reloc = proof_first_reloc(section, from->start + done);

		if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, from->bytes + done,
							 from->size - done, &insn, operands)))
			return true;
		if (!insn_fits(frames, &insn, operands, at + done,
			       reloc < section->reloc_count &&
				       section->relocs[reloc].offset <
					       from->start + done + insn.length))
			return false;
		done += insn.length;
	}
	return true;
}

static bool alternatives_fit(struct frames *frames)
{
	const struct proof_entries *all = frames->proof->ko_entries;
	const struct proof_code *code = frames->code;
	size_t count;
	const struct proof_entry *entries =
		proof_entries_of(all, code->section, code->start, code->size, &count);

	for (size_t i = 0; i < count; i++) {
		struct proof_code put;

		if (entries[i].special == PROOF_ALTERNATIVES &&
		    proof_entry_replacement(all, &entries[i], &put) &&
		    !range_fits(frames, &put, entries[i].code - code->start))
			return false;
	}
	return true;
}

struct error *proof_frames(struct proof *proof, const struct proof_side *side,
			   const struct proof_code *code, const char *name)
{
	struct frames frames = { .proof = proof, .side = side, .code = code, .name = name };
	bool piece = strstr(name, ".cold");
	struct orc entry = orc_at(&frames, 0);

	if (!proof->ko_entries->orc)
		return NULL; /* the kernel's configuration has another unwinder */
	if (!piece && (!entry.known || entry.sp != CALL_FRAME)) {
		complain(&frames, 0);
		return NULL;
	}
	if (range_fits(&frames, code, 0) && alternatives_fit(&frames))
		entries_fit(&frames);
	return NULL;
}
