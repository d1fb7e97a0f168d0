// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one code may have in the place of what the other has: a no-op for a call of __fentry__ or a jump label, as the
 * kernel's build and the module loader make them; a load for a constant that is written at boot; a test of a key, and
 * a jump to where it would lead, for a jump label.
 */
#include <string.h>

#include "proof-code-walk.h"

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
	if (nop.at >= nop.code->size || !side_decode(&walk->decoder, &nop) || !is_nop(&nop) || nop.insn.length != 3)
		return false;
	from = place_of_name(walk->a.code->object, name);
	if (!walk_add_ref(walk, &from, &to, err))
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
	if (jump.at >= jump.code->size || !side_decode(&walk->decoder, &jump) ||
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
	if (!walk_add_ref(walk, &label.key, &key, err))
		return false;
	walk->result->refs.items[walk->result->refs.count - 1].flow = PROOF_REFERS;
	walk->b = jump;
	if (place_inside(walk->a.code, &label.target, walk->a.code->size, &a_to) &&
	    place_inside(walk->b.code, &to, walk->b.code->size, &b_to))
		return walk_add_branch(walk, a_to, b_to, err);
	if (!walk_add_ref(walk, &label.target, &to, err))
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

bool walk_is_other_form(struct walk *walk, struct error **err)
{
	return nop_for_other(&walk->a, &walk->b) || nop_for_other(&walk->b, &walk->a) || is_load_of_constant(walk, err) ||
	       is_test_of_key(walk, err) || is_longer_label(walk);
}
