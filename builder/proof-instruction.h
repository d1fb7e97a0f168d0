/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One instruction of either code, and what its fields refer to. For the proof-code*.c files only. */
#ifndef KLPKIT_PROOF_INSTRUCTION_H
#define KLPKIT_PROOF_INSTRUCTION_H

#include <Zydis/Zydis.h>

#include "proof-code.h"

/* Where one of the two codes is looked at. */
struct side {
	const struct proof_code *code;
	uint64_t at; /* from the start */
	ZydisDecodedInstruction insn;
};

/* Of an instruction: a displacement or an immediate. */
struct field {
	uint8_t at, width;
	bool relative, immediate;
};

/* The instruction at side->at; false: there is none. */
bool side_decode(const ZydisDecoder *decoder, struct side *side);
/* How many there are. */
unsigned int fields_of(const ZydisDecodedInstruction *insn, struct field fields[3]);
int64_t field_value(const struct side *side, const struct field *field);
/* The relocation of a field, or NULL. */
const struct proof_reloc *reloc_at(const struct side *side, uint64_t field);
bool reloc_in(const struct side *side);
/* What the field refers to. model_reloc: the other side's. False: nothing, it is a number. */
bool field_place(const struct side *side, const struct field *field, const struct proof_reloc *model_reloc,
		 struct proof_place *ret);
/* Is the place among the first size bytes of the code? */
bool place_inside(const struct proof_code *code, const struct proof_place *place, uint64_t size, uint64_t *offset_ret);
/* The opcode of a branch in its long form; 0 for anything else. */
uint16_t branch_kind(const ZydisDecodedInstruction *insn);

#endif
