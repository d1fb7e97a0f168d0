// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does an address that a function loads leave it? In: its code, and which instructions load the address. Out: whether
 * it may be handed to another function, returned or stored anywhere, or written through.
 *
 * A register that ever holds the address, or what was computed from it, counts as holding it throughout: that is
 * too many, never too few. What is read through it is contents, and no address.
 */
#include <string.h>

#include <Zydis/Zydis.h>

#include "code.h"

struct search {
	const struct code_addresses *in;
	unsigned int holders; /* by number of a register: may hold it */
	bool in_prologue;     /* straight from the entry, before the first load */
	bool escapes;
};

#define BIT(n) (1U << (n))
/* rdi, rsi, rdx, rcx, r8, r9 */
#define ARGUMENTS (BIT(7) | BIT(6) | BIT(2) | BIT(1) | BIT(8) | BIT(9))
#define RESULTS (BIT(0) | BIT(2))

static bool is_among(const uint64_t *items, size_t count, uint64_t first, uint64_t end)
{
	for (size_t i = 0; i < count; i++)
		if (items[i] >= first && items[i] < end)
			return true;
	return false;
}

/* The bit of a general register, or 0. */
static unsigned int register_bit(ZydisRegister reg)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);

	if (ZydisRegisterGetClass(whole) != ZYDIS_REGCLASS_GPR64)
		return 0;
	return BIT(ZydisRegisterGetId(whole));
}

static bool reads_it(const struct search *search, const ZydisDecodedOperand *operand)
{
	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER)
		return (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ) &&
		       (register_bit(operand->reg.value) & search->holders);
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY && operand->mem.type == ZYDIS_MEMOP_TYPE_AGEN &&
	       ((register_bit(operand->mem.base) | register_bit(operand->mem.index)) & search->holders);
}

static bool writes_through(const struct search *search, const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	       (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) &&
	       ((register_bit(operand->mem.base) | register_bit(operand->mem.index)) & search->holders);
}

/* The address goes where the instruction writes to. */
static void put(struct search *search, const ZydisDecodedOperand *operand)
{
	unsigned int bit;

	if (!(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
		return;
	if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER) {
		search->escapes = true;
		return;
	}
	bit = register_bit(operand->reg.value);
	search->holders |= bit;
	if (!bit && ZydisRegisterGetClass(operand->reg.value) != ZYDIS_REGCLASS_FLAGS &&
	    ZydisRegisterGetClass(operand->reg.value) != ZYDIS_REGCLASS_IP)
		search->escapes = true;
}

/* What may still be in use behind a branch that leaves the code that is looked at. */
static unsigned int left_behind(const struct code_addresses *in, uint64_t at, const ZydisDecodedInstruction *insn)
{
	uint64_t end = at + insn->length;

	switch (insn->meta.category) {
	case ZYDIS_CATEGORY_CALL:
		return ARGUMENTS;
	case ZYDIS_CATEGORY_RET:
		return RESULTS;
	case ZYDIS_CATEGORY_COND_BR:
	case ZYDIS_CATEGORY_UNCOND_BR:
		if (is_among(in->returns, in->return_count, at, end))
			return RESULTS;
		/* another piece of the function among that */
		return !insn->raw.imm[0].is_relative || is_among(in->exits, in->exit_count, at, end) ? ~0U : 0;
	default:
		return 0;
	}
}

static void look(struct search *search, uint64_t at, const ZydisDecodedInstruction *insn,
		 const ZydisDecodedOperand *operands)
{
	const struct code_addresses *in = search->in;
	bool has = is_among(in->loads, in->load_count, at, at + 1);

	search->escapes |= search->holders & left_behind(in, at, insn);
	if (has || (insn->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE && at > 8))
		search->in_prologue = false;
	/* what is pushed before it was loaded is the caller's */
	if (search->in_prologue || insn->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE)
		return;
	for (int i = 0; i < insn->operand_count; i++) {
		has |= reads_it(search, &operands[i]);
		search->escapes |= writes_through(search, &operands[i]);
	}
	for (int i = 0; has && i < insn->operand_count; i++)
		put(search, &operands[i]);
}

static void pass(struct search *search)
{
	const struct code_addresses *in = search->in;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction insn;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	search->in_prologue = true;
	for (uint64_t at = 0; at < in->size && !search->escapes; at += insn.length) {
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, in->bytes + at, in->size - at, &insn, operands))) {
			search->escapes = true;
			return;
		}
		look(search, at, &insn, operands);
	}
}

bool code_escapes(const struct code_addresses *in)
{
	struct search search = { .in = in };
	unsigned int before;

	do {
		before = search.holders;
		pass(&search);
	} while (!search.escapes && search.holders != before);
	return search.escapes;
}
