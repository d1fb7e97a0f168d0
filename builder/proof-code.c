// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both codes are decoded in step.
 *
 * 1. Two instructions are the same when all of their bytes are, apart from the fields that a
 *    relocation fills or that say where a branch goes; or when they are two forms of one branch;
 *    or when one is a no-op in the place of the other, as the kernel's build makes them.
 * 2. Such a field refers to something inside the code, or outside.
 * 3. Inside: it has to be the same instruction, counted. Outside: it is put on the list.
 *
 * In the place of a jump label there may be a test of its key, and a jump to where it would lead.
 */
#include <Zydis/Zydis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../differ/arena.h"
#include "proof-code.h"

struct side {
	const struct proof_code *code;
	uint64_t at; /* from the start */
	uint32_t next_reloc;
	ZydisDecodedInstruction insn;
};

/* Where a branch inside of the code goes, on both sides; looked at when all is decoded. */
struct branch {
	uint64_t at, b_at, a, b;
};

struct walk {
	ZydisDecoder decoder;
	struct side a, b;
	struct proof_comparison *result;
	uint32_t *a_index, *b_index; /* the number + 1 of the instruction that starts there */
	struct {
		struct branch *items;
		size_t count, room;
	} branches;
};

static bool differ(struct walk *walk, const char *what)
{
	walk->result->same = false;
	walk->result->a_at = walk->a.at;
	walk->result->b_at = walk->b.at;
	walk->result->what = what;
	return false;
}

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

static bool decode(struct walk *walk, struct side *side)
{
	const uint8_t *bytes = side->code->bytes + side->at;
	size_t size = side->code->size - side->at;

	return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&walk->decoder, NULL, bytes, size, &side->insn)) ||
	       decode_newer(&walk->decoder, bytes, size, &side->insn);
}

/* The relocation of a field, or NULL. */
static const struct proof_reloc *reloc_at(const struct side *side, uint64_t field)
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

static bool reloc_in(const struct side *side)
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

static int64_t field_value(const uint8_t *bytes, unsigned int width)
{
	int32_t word;
	int64_t value;

	switch (width) {
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

struct field {
	uint8_t at, width;
	bool relative, immediate;
};

static unsigned int fields_of(const ZydisDecodedInstruction *insn, struct field fields[3])
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

/* What the field refers to. model_reloc: the other side's. False: nothing, it is a number. */
static bool field_place(const struct side *side, const struct field *field,
			const struct proof_reloc *model_reloc, struct proof_place *ret)
{
	const struct proof_reloc *reloc = reloc_at(side, field->at);
	const struct proof_code *code = side->code;
	int64_t value = field_value(code->bytes + side->at + field->at, field->width);
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

/* Is the place inside of the code? */
static bool place_inside(const struct proof_code *code, const struct proof_place *place,
			 uint64_t size, uint64_t *offset_ret)
{
	if (place->space == PLACE_LINKED ? code->object != NULL :
					   place->space != PLACE_SECTION || !code->object ||
						   place->index != code->section)
		return false;
	*offset_ret = place->value - code->start;
	return *offset_ret < size;
}

static bool add_branch(struct walk *walk, uint64_t a, uint64_t b, struct error **err)
{
	struct branch *branch = array_add(&walk->branches);

	if (!branch) {
		*err = error_nomem();
		return false;
	}
	*branch = (struct branch){ walk->a.at, walk->b.at, a, b };
	if (walk->a.insn.meta.category == ZYDIS_CATEGORY_CALL) {
		uint64_t *call = array_add(&walk->result->inner_calls);

		if (!call) {
			*err = error_nomem();
			return false;
		}
		*call = walk->b.at;
	}
	return true;
}

static bool add_ref(struct walk *walk, const struct proof_place *a, const struct proof_place *b,
		    struct error **err)
{
	struct proof_ref *ref = array_add(&walk->result->refs);
	ZydisInstructionCategory category = walk->a.insn.meta.category;

	if (!ref) {
		*err = error_nomem();
		return false;
	}
	*ref = (struct proof_ref){
		.at = walk->a.at,
		.b_at = walk->b.at,
		.flow = category == ZYDIS_CATEGORY_CALL ? PROOF_CALLS :
			category == ZYDIS_CATEGORY_UNCOND_BR || category == ZYDIS_CATEGORY_COND_BR ?
							  PROOF_JUMPS :
							  PROOF_REFERS,
		.a = *a,
		.b = *b,
	};
	return true;
}

static bool add_immediate(struct walk *walk, int64_t a, int64_t b, struct error **err)
{
	struct proof_immediate *immediate = array_add(&walk->result->immediates);

	if (!immediate) {
		*err = error_nomem();
		return false;
	}
	*immediate = (struct proof_immediate){ walk->a.at, walk->b.at, a, b };
	return true;
}

static bool compare_field(struct walk *walk, const struct field *fa, const struct field *fb,
			  struct error **err)
{
	const struct proof_reloc *ra = reloc_at(&walk->a, fa->at), *rb = reloc_at(&walk->b, fb->at);
	struct proof_place a, b;
	uint64_t to_a, to_b;
	bool has_a = field_place(&walk->a, fa, rb, &a);
	bool has_b = field_place(&walk->b, fb, ra, &b);

	if (!has_a && !has_b) {
		int64_t x = field_value(walk->a.code->bytes + walk->a.at + fa->at, fa->width);
		int64_t y = field_value(walk->b.code->bytes + walk->b.at + fb->at, fb->width);

		if (x == y)
			return true;
		if (fa->immediate)
			return add_immediate(walk, x, y, err);
		return differ(walk, "an offset");
	}
	if (has_a != has_b)
		return differ(walk, "a reference and a number");
	if (ra && rb && proof_reloc_is_relative(ra->type) != proof_reloc_is_relative(rb->type))
		return differ(walk, "the kind of a reference");
	if (place_inside(walk->a.code, &a, walk->a.code->size, &to_a) &&
	    place_inside(walk->b.code, &b, walk->b.code->size, &to_b))
		return add_branch(walk, to_a, to_b, err);
	return add_ref(walk, &a, &b, err);
}

/* The opcode of a branch in its long form; 0 for anything else. */
static uint16_t branch_kind(const ZydisDecodedInstruction *insn)
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

static bool same_bytes(struct walk *walk, const struct field *fields, unsigned int count)
{
	const uint8_t *a = walk->a.code->bytes + walk->a.at, *b = walk->b.code->bytes + walk->b.at;

	for (uint8_t i = 0; i < walk->a.insn.length; i++) {
		bool skip = false;

		for (unsigned int n = 0; n < count; n++)
			skip |= i >= fields[n].at && i < fields[n].at + fields[n].width;
		if (!skip && a[i] != b[i])
			return false;
	}
	return true;
}

/* A branch may have a hint whether it is taken. */
static bool same_prefixes(const struct walk *walk)
{
	uint8_t count = walk->a.insn.raw.prefix_count;

	return count == walk->b.insn.raw.prefix_count &&
	       !memcmp(walk->a.code->bytes + walk->a.at, walk->b.code->bytes + walk->b.at, count);
}

static bool is_nop(const struct side *side)
{
	return side->insn.mnemonic == ZYDIS_MNEMONIC_NOP;
}

/* The very bytes that the kernel looks for before it patches them (arch/x86/include/asm/nops.h). */
static bool is_kernel_nop(const struct side *side)
{
	static const uint8_t two[] = { 0x66, 0x90 }, five[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	const uint8_t *bytes = side->code->bytes + side->at;

	return side->insn.length == sizeof(five) ? !memcmp(bytes, five, sizeof(five)) :
	       side->insn.length == sizeof(two)	 ? !memcmp(bytes, two, sizeof(two)) :
						   false;
}

static bool calls_fentry(const struct side *side)
{
	const struct proof_reloc *reloc = reloc_at(side, 1);

	return side->code->bytes[side->at] == 0xe8 && reloc &&
	       !strcmp(side->code->object->symbols[reloc->symbol].name, "__fentry__");
}

static bool is_jump_label(const struct side *side, struct proof_jump_label *ret)
{
	return side->code->object && (is_kernel_nop(side) || branch_kind(&side->insn) == 0xe9) &&
	       proof_jump_label_at(side->code->object, side->code->section, side->code->start + side->at, ret);
}

static bool jumps_to_be_nop(const struct side *side)
{
	return side->code->object && branch_kind(&side->insn) == 0xe9 &&
	       proof_is_nop_site(side->code->object, side->code->section,
				 side->code->start + side->at);
}

/* The kernel's build makes no-ops of calls for ftrace, and of some jump labels. */
static bool nop_for_other(const struct side *nop, const struct side *other)
{
	return is_kernel_nop(nop) && !reloc_in(nop) &&
	       ((nop->insn.length == other->insn.length && calls_fentry(other)) ||
		(nop->insn.length >= other->insn.length && jumps_to_be_nop(other)));
}

/*
 * "movabs $constant, %reg", which 6.12 writes into its code at boot, is "mov variable(%rip), %reg"
 * and a no-op in a module (arch/x86/include/asm/runtime-const.h). The section that lists the
 * constant has the variable in its name.
 */
static const char *runtime_constant(const struct side *side)
{
	static const char prefix[] = "runtime_ptr_";
	const struct proof_object *object = side->code->object;

	if (side->insn.length != 10 || side->insn.raw.imm[0].size != 64 || !object)
		return NULL;
	for (uint32_t i = 1; i < object->section_count; i++) {
		const struct proof_section *section = &object->sections[i];

		if (strncmp(section->name, prefix, sizeof(prefix) - 1))
			continue;
		for (uint32_t n = 0; n < section->reloc_count; n++) {
			struct proof_place place = proof_reloc_place(object, &section->relocs[n], 0);

			if (place.space == PLACE_SECTION && place.index == side->code->section &&
			    place.value == side->code->start + side->at + 2)
				return section->name + sizeof(prefix) - 1;
		}
	}
	return NULL;
}

static struct proof_place place_of_name(const struct proof_object *object, const char *name)
{
	const uint32_t *indices;

	if (name_index_find(&object->names, name, &indices))
		return proof_symbol_place(object, indices[0]);
	return (struct proof_place){ PLACE_UNKNOWN, 0, 0 };
}

/* Leaves b at the no-op, whose length makes up for the difference. */
static bool is_load_of_constant(struct walk *walk, struct error **err)
{
	const char *name = runtime_constant(&walk->a);
	const uint8_t *a = walk->a.code->bytes + walk->a.at, *b = walk->b.code->bytes + walk->b.at;
	struct field field = { .at = 3, .width = 4, .relative = true };
	struct proof_place from, to;
	struct side nop = walk->b;

	/* REX.W b8+r; REX.W 8b /r with mod 0, rm 5; the register's fourth bit is B there, R here */
	if (!name || walk->b.insn.length != 7 || b[1] != 0x8b || (b[2] & 0xc7) != 5 ||
	    (b[2] >> 3 & 7) != (a[1] & 7) || (b[0] >> 2 & 1) != (a[0] & 1) ||
	    !field_place(&walk->b, &field, NULL, &to))
		return false;
	nop.at += 7;
	if (nop.at >= nop.code->size || !decode(walk, &nop) || !is_nop(&nop) || nop.insn.length != 3)
		return false;
	from = place_of_name(walk->a.code->object, name);
	if (!add_ref(walk, &from, &to, err))
		return false;
	walk->result->refs.items[walk->result->refs.count - 1].name = name;
	walk->b.at += 3;
	return true;
}

/* cmpl $0, key(%rip) */
static bool tests_word(const struct side *side, struct proof_place *ret)
{
	static const struct field field = { .at = 2, .width = 4, .relative = true };
	const uint8_t *bytes = side->code->bytes + side->at;

	return side->insn.length == 7 && bytes[0] == 0x83 && bytes[1] == 0x3d && !bytes[6] &&
	       field_place(side, &field, NULL, ret);
}

/* Leaves b at the jump. Whose key may be tested is not known here: that is put down. */
static bool is_test_of_key(struct walk *walk, struct error **err)
{
	struct proof_jump_label label;
	struct proof_place key, to;
	struct field fields[3];
	struct side jump = walk->b;
	uint64_t a_to, b_to, *test;

	if (!tests_word(&walk->b, &key) || !is_jump_label(&walk->a, &label))
		return false;
	jump.at += jump.insn.length;
	if (jump.at >= jump.code->size || !decode(walk, &jump) ||
	    branch_kind(&jump.insn) != (label.jumps_off ? 0x0f84 : 0x0f85))
		return false;
	if (!fields_of(&jump.insn, fields) || !field_place(&jump, fields, NULL, &to))
		return false;
	test = array_add(&walk->result->tests);
	if (!test) {
		*err = error_nomem();
		return false;
	}
	*test = walk->a.at;
	if (!add_ref(walk, &label.key, &key, err))
		return false;
	walk->result->refs.items[walk->result->refs.count - 1].flow = PROOF_REFERS;
	walk->b = jump;
	if (place_inside(walk->a.code, &label.target, walk->a.code->size, &a_to) &&
	    place_inside(walk->b.code, &to, walk->b.code->size, &b_to))
		return add_branch(walk, a_to, b_to, err);
	if (!add_ref(walk, &label.target, &to, err))
		return false;
	walk->result->refs.items[walk->result->refs.count - 1].flow = PROOF_JUMPS;
	return true;
}

/* The no-op of a jump label, long enough for any jump. */
static bool is_longer_label(const struct walk *walk)
{
	struct proof_jump_label label;

	return is_kernel_nop(&walk->a) && is_kernel_nop(&walk->b) && walk->a.insn.length < walk->b.insn.length &&
	       is_jump_label(&walk->a, &label);
}

static bool compare_instructions(struct walk *walk, struct error **err)
{
	struct field fa[3], fb[3];
	unsigned int count = fields_of(&walk->a.insn, fa);
	uint16_t branch = branch_kind(&walk->a.insn);

	if (nop_for_other(&walk->a, &walk->b) || nop_for_other(&walk->b, &walk->a))
		return true;
	if (is_load_of_constant(walk, err) || is_test_of_key(walk, err) || is_longer_label(walk))
		return true;
	if (*err)
		return false;
	if (branch && branch == branch_kind(&walk->b.insn) && same_prefixes(walk)) {
		fields_of(&walk->b.insn, fb);
		return compare_field(walk, fa, fb, err);
	}
	if (walk->a.insn.length != walk->b.insn.length ||
	    fields_of(&walk->b.insn, fb) != count || !same_bytes(walk, fa, count))
		return differ(walk, "the instruction");
	for (unsigned int i = 0; i < count; i++)
		if (!compare_field(walk, &fa[i], &fb[i], err))
			return false;
	return true;
}

static bool compare_branches(struct walk *walk)
{
	for (size_t i = 0; i < walk->branches.count; i++) {
		const struct branch *branch = &walk->branches.items[i];

		if (walk->a_index[branch->a] &&
		    branch->b < walk->result->b_size &&
		    walk->a_index[branch->a] == walk->b_index[branch->b])
			continue;
		walk->a.at = branch->at;
		walk->b.at = branch->b_at;
		return differ(walk, "where a jump goes");
	}
	return true;
}

static void walk_all(struct walk *walk, struct error **err)
{
	uint32_t number = 0;

	while (walk->a.at < walk->a.code->size) {
		if (!decode(walk, &walk->a) || walk->b.at >= walk->b.code->size ||
		    !decode(walk, &walk->b)) {
			differ(walk, "no instruction");
			return;
		}
		number++;
		walk->a_index[walk->a.at] = number;
		walk->b_index[walk->b.at] = number;
		if (!compare_instructions(walk, err))
			return;
		walk->a.at += walk->a.insn.length;
		walk->b.at += walk->b.insn.length;
	}
	walk->result->b_size = walk->b.at;
	compare_branches(walk);
}

struct error *proof_compare(const struct proof_code *a, const struct proof_code *b,
			    struct proof_comparison *ret)
{
	struct walk walk = { .a = { .code = a }, .b = { .code = b }, .result = ret };
	struct error *err = NULL;

	ret->same = true;
	walk.a_index = calloc(a->size + 1, sizeof(*walk.a_index));
	walk.b_index = calloc(b->size + 1, sizeof(*walk.b_index));
	if (!walk.a_index || !walk.b_index)
		err = error_nomem();
	ZydisDecoderInit(&walk.decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!err)
		walk_all(&walk, &err);
	free(walk.a_index);
	free(walk.b_index);
	free(walk.branches.items);
	return err;
}

void proof_comparison_destroy(struct proof_comparison *comparison)
{
	free(comparison->refs.items);
	free(comparison->immediates.items);
	free(comparison->inner_calls.items);
	free(comparison->tests.items);
	*comparison = (struct proof_comparison){ 0 };
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
