// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both codes are decoded in step.
 *
 * 1. Two instructions are the same when all of their bytes are, apart from the fields that a
 *    relocation fills or that say where a branch goes; or when they are two forms of one branch.
 * 2. Such a field refers to something inside the code, or outside.
 * 3. Inside: it has to be the same instruction, counted. Outside: it is put on the list.
 *
 * What else one may have in the place of the other is in proof-code-forms.c.
 */
#include <stdlib.h>
#include <string.h>

#include "proof-code-walk.h"

static bool differ(struct walk *walk, const char *what)
{
	walk->result->same = false;
	walk->result->a_at = walk->a.at;
	walk->result->b_at = walk->b.at;
	walk->result->what = what;
	return false;
}

bool walk_add_branch(struct walk *walk, uint64_t a, uint64_t b, struct error **err)
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

bool walk_add_ref(struct walk *walk, const struct proof_place *a, const struct proof_place *b, struct error **err)
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
		int64_t x = field_value(&walk->a, fa);
		int64_t y = field_value(&walk->b, fb);

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
		return walk_add_branch(walk, to_a, to_b, err);
	return walk_add_ref(walk, &a, &b, err);
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

static bool compare_instructions(struct walk *walk, struct error **err)
{
	struct field fa[3], fb[3];
	unsigned int count = fields_of(&walk->a.insn, fa);
	uint16_t branch = branch_kind(&walk->a.insn);

	if (walk_is_other_form(walk, err))
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
		if (!side_decode(&walk->decoder, &walk->a) || walk->b.at >= walk->b.code->size ||
		    !side_decode(&walk->decoder, &walk->b)) {
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
