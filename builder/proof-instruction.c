// SPDX-License-Identifier: GPL-2.0-or-later
/* In: bytes and relocations. Out: an instruction, and what its fields refer to. */
#include <stdio.h>
#include <string.h>

#include "proof-instruction.h"

/*
 * LKGS (f2 0f 00 /6) is newer than the decoder. It has the form of VERR (0f 00 /4), and is taken for that where only
 * the form counts: the bytes are compared, too.
 */
static bool decode_newer(const ZydisDecoder *decoder, const uint8_t *bytes, size_t size, ZydisDecodedInstruction *ret)
{
	uint8_t copy[ZYDIS_MAX_INSTRUCTION_LENGTH];
	size_t at = 1;

	size = size < sizeof(copy) ? size : sizeof(copy);
	memcpy(copy, bytes, size);
	if (size < 4 || copy[0] != 0xf2)
		return false;
	at += (copy[at] & 0xf0) == 0x40; /* REX */
	if (size < at + 3 || copy[at] != 0x0f || copy[at + 1] != 0x00 || (copy[at + 2] >> 3 & 7) != 6)
		return false;
	copy[at + 2] = (uint8_t)((copy[at + 2] & ~0x38) | 4 << 3);
	return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(decoder, NULL, copy, size, ret));
}

bool side_decode(const ZydisDecoder *decoder, struct side *side)
{
	const uint8_t *bytes = side->code->bytes + side->at;
	size_t size = side->code->size - side->at;

	return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(decoder, NULL, bytes, size, &side->insn)) ||
	       decode_newer(decoder, bytes, size, &side->insn);
}

const struct proof_reloc *reloc_at(const struct side *side, uint64_t field)
{
	const struct proof_section *section;
	uint64_t offset;
	uint32_t i;

	if (!side->code->object)
		return NULL;
	section = &side->code->object->sections[side->code->section];
	offset = side->code->start + side->at + field;
	i = proof_first_reloc(section, offset);
	return i < section->reloc_count && section->relocs[i].offset == offset ?
		       &section->relocs[i] :
		       NULL;
}

bool reloc_in(const struct side *side)
{
	const struct proof_section *section;
	uint64_t start = side->code->start + side->at;
	uint32_t i;

	if (!side->code->object)
		return false;
	section = &side->code->object->sections[side->code->section];
	i = proof_first_reloc(section, start);
	return i < section->reloc_count && section->relocs[i].offset < start + side->insn.length;
}

int64_t field_value(const struct side *side, const struct field *field)
{
	const uint8_t *bytes = side->code->bytes + side->at + field->at;
	int32_t word;
	int64_t value;

	switch (field->width) {
	case 1:
		return (int8_t)*bytes;
	case 2:
		return (int16_t)(bytes[0] | bytes[1] << 8);
	case 4:
		memcpy(&word, bytes, sizeof(word));
		return word;
	default:
		memcpy(&value, bytes, sizeof(value));
		return value;
	}
}

unsigned int fields_of(const ZydisDecodedInstruction *insn, struct field fields[3])
{
	unsigned int count = 0;

	/* [rip + x] is the only address with a 32-bit displacement, no base and no index byte */
	if (insn->raw.disp.size)
		fields[count++] = (struct field){
			.at = insn->raw.disp.offset,
			.width = insn->raw.disp.size / 8,
			.relative = insn->attributes & ZYDIS_ATTRIB_IS_RELATIVE &&
				    insn->attributes & ZYDIS_ATTRIB_HAS_MODRM &&
				    insn->raw.modrm.mod == 0 && insn->raw.modrm.rm == 5,
		};
	for (unsigned int i = 0; i < 2; i++)
		if (insn->raw.imm[i].size)
			fields[count++] = (struct field){
				.at = insn->raw.imm[i].offset,
				.width = insn->raw.imm[i].size / 8,
				.relative = insn->raw.imm[i].is_relative,
				.immediate = true,
			};
	return count;
}

bool field_place(const struct side *side, const struct field *field, const struct proof_reloc *model_reloc,
		 struct proof_place *ret)
{
	const struct proof_reloc *reloc = reloc_at(side, field->at);
	const struct proof_code *code = side->code;
	int64_t value = field_value(side, field);
	uint64_t end = side->at + side->insn.length;

	if (reloc) {
		bool relative = proof_reloc_is_relative(reloc->type);
		int64_t bias = relative ? (int64_t)(side->insn.length - field->at) : 0;

		*ret = proof_reloc_place(code->object, reloc, bias);
		return true;
	}
	if (code->object && !field->relative)
		return false;
	ret->space = code->object ? PLACE_SECTION : PLACE_LINKED;
	ret->index = code->object ? code->section : 0;
	if (field->relative || (model_reloc && proof_reloc_is_relative(model_reloc->type)))
		ret->value = code->start + end + (uint64_t)value;
	else if (model_reloc && model_reloc->type == R_X86_64_32)
		ret->value = (uint32_t)value;
	else
		ret->value = (uint64_t)value;
	return field->relative || model_reloc;
}

bool place_inside(const struct proof_code *code, const struct proof_place *place, uint64_t size, uint64_t *offset_ret)
{
	if (place->space == PLACE_LINKED ? code->object != NULL :
					   place->space != PLACE_SECTION || !code->object ||
						   place->index != code->section)
		return false;
	*offset_ret = place->value - code->start;
	return *offset_ret < size;
}

uint16_t branch_kind(const ZydisDecodedInstruction *insn)
{
	if (!insn->raw.imm[0].is_relative)
		return 0;
	if (insn->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && (insn->opcode & 0xf0) == 0x70)
		return 0x0f80 | (insn->opcode & 0x0f);
	if (insn->opcode_map == ZYDIS_OPCODE_MAP_0F && (insn->opcode & 0xf0) == 0x80)
		return 0x0f80 | (insn->opcode & 0x0f);
	if (insn->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT &&
	    (insn->opcode == 0xeb || insn->opcode == 0xe9))
		return 0xe9;
	return 0;
}

bool proof_code_of(const struct proof_object *object, uint32_t symbol, struct proof_code *ret)
{
	const struct proof_symbol *s = &object->symbols[symbol];
	const struct proof_section *section;

	if (!proof_symbol_defined(object, symbol))
		return false;
	section = &object->sections[s->section];
	if (!section->data || s->value >= section->size || s->size > section->size - s->value)
		return false;
	*ret = (struct proof_code){
		.object = object,
		.section = s->section,
		.bytes = section->data + s->value,
		.start = s->value,
		.size = s->size ?: section->size - s->value,
	};
	return true;
}

uint64_t proof_code_to_jump(const struct proof_code *code)
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction insn;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (uint64_t at = 0; at < code->size; at += insn.length) {
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code->bytes + at,
								code->size - at, &insn)))
			return 0;
		if (insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR)
			return at + insn.length;
	}
	return 0;
}

bool proof_code_loads(const struct proof_code *code, uint64_t at)
{
	struct side side = { .code = code, .at = at };
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code->bytes + at, code->size - at, &side.insn)))
		return true;
	return side.insn.mnemonic == ZYDIS_MNEMONIC_LEA ||
	       (side.insn.raw.imm[0].size && reloc_at(&side, side.insn.raw.imm[0].offset));
}

void proof_print(const struct proof_code *code, uint64_t at, char *buffer, size_t size)
{
	ZydisDecoder decoder;
	ZydisFormatter formatter;
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_ATT);
	if (at >= code->size ||
	    !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code->bytes + at, code->size - at, &insn,
						 operands)) ||
	    !ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter, &insn, operands,
							  insn.operand_count_visible, buffer, size,
							  code->start + at, NULL)))
		snprintf(buffer, size, "(no instruction)");
}
