// SPDX-License-Identifier: GPL-2.0-or-later
/* The instruction decoder: Zydis, reduced to what the differ asks. */
#include <string.h>

#include <Zydis/Zydis.h>

#include "code.h"

bool code_decode(const uint8_t *bytes, size_t size, struct instruction *ret)
{
	ZydisDecodedInstruction insn;
	ZydisDecoderContext context;
	ZydisDecoder decoder;
	int i;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_MINIMAL, ZYAN_FALSE);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, &context, bytes, size, &insn)))
		return false;
	memset(ret, 0, sizeof(*ret));
	ret->length = insn.length;
	ret->destination = 0xff;
	ret->is_endbr = insn.mnemonic == ZYDIS_MNEMONIC_ENDBR64;
	ret->is_padding = insn.mnemonic == ZYDIS_MNEMONIC_NOP || insn.mnemonic == ZYDIS_MNEMONIC_INT3;
	ret->is_push = insn.mnemonic == ZYDIS_MNEMONIC_PUSH && insn.raw.imm[0].size;
	ret->is_lea = insn.mnemonic == ZYDIS_MNEMONIC_LEA;
	ret->is_call = insn.meta.category == ZYDIS_CATEGORY_CALL;
	ret->is_jump = insn.meta.category == ZYDIS_CATEGORY_COND_BR ||
		       insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR;
	for (i = 0; i < 2; i++) {
		const struct ZydisDecodedInstructionRawImm_ *imm = &insn.raw.imm[i];

		if (!imm->size)
			continue;
		if (imm->is_relative) {
			ret->is_relative = true;
			ret->displacement = imm->value.s;
			ret->displacement_at = imm->offset;
			ret->displacement_size = imm->size / 8;
		} else {
			ret->immediate_at = imm->offset;
			ret->immediate_size = imm->size / 8;
			ret->immediate = imm->value.s;
		}
	}
	ret->memory_at = insn.raw.disp.offset;
	ret->memory_size = insn.raw.disp.size / 8;
	ret->is_rip = (insn.attributes & ZYDIS_ATTRIB_IS_RELATIVE) && insn.raw.disp.size == 32;
	if (ret->is_rip)
		ret->memory = insn.raw.disp.value;
	/* mod 3 is a register, mod 0 with rm 5 the code's own place */
	if ((insn.attributes & ZYDIS_ATTRIB_HAS_MODRM) && insn.raw.modrm.mod != 3 &&
	    (insn.raw.modrm.mod || insn.raw.modrm.rm != 5)) {
		ret->has_memory = true;
		ret->memory = insn.raw.disp.size ? insn.raw.disp.value : 0;
	}
	/* mov $imm32, %reg: b8+r, with REX.B in the prefix */
	if (insn.mnemonic == ZYDIS_MNEMONIC_MOV && insn.opcode >= 0xb8 && insn.opcode <= 0xbf)
		ret->destination = (uint8_t)((insn.opcode - 0xb8) + (insn.raw.rex.B ? 8 : 0));
	return true;
}

bool code_writes(const uint8_t *bytes, size_t size)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction insn;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, size, &insn, operands)))
		return true;
	for (int i = 0; i < insn.operand_count_visible; i++)
		if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
		    (operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			return true;
	return false;
}
