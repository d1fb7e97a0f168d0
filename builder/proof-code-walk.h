/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two codes that are decoded in step. For the proof-code*.c files only. */
#ifndef KLPKIT_PROOF_CODE_WALK_H
#define KLPKIT_PROOF_CODE_WALK_H

#include "../differ/arena.h"
#include "proof-instruction.h"

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

/* Put down what the two instructions refer to, inside of the code and outside. False: *err. */
bool walk_add_branch(struct walk *walk, uint64_t a, uint64_t b, struct error **err) must_check;
bool walk_add_ref(struct walk *walk, const struct proof_place *a, const struct proof_place *b,
		  struct error **err) must_check;

/*
 * proof-code-forms.c: may the one have what it has in place of what the other has, though the bytes differ? Leaves the
 * sides at the last instructions that belong to it.
 */
bool walk_is_other_form(struct walk *walk, struct error **err);

#endif
