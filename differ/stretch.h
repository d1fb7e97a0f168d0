/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The code of a function with room for tests in the place of jump labels. */
#ifndef DIFFER_STRETCH_H
#define DIFFER_STRETCH_H

#include "model.h"

/* cmpl $0, key(%rip); je or jne target */
#define STRETCH_KEY_AT 2    /* the field of the key */
#define STRETCH_BRANCH_AT 8 /* the second byte of the jump */
#define STRETCH_TARGET_AT 9 /* the field of the target */
#define STRETCH_SIZE 13
#define STRETCH_JE 0x84
#define STRETCH_JNE 0x85

/*
 * All short jumps are long ones, and so are no-ops that become jumps, so that each gets where it did. The jumps and
 * addresses inside of the code are settled, those that relocations fill are as they were.
 */
struct stretch {
	uint8_t *code;
	uint64_t size;
	struct {
		struct stretch_move {
			uint64_t from, to; /* what was there from here on, is from there on */
		} *items;
		size_t count, room;
	} moves; /* by place */
	struct {
		struct stretch_test {
			uint64_t start, end; /* of the instruction that it is in the place of */
		} *items;
		size_t count, room;
	} tests;
};

/*
 * The unit's code, from its start, with STRETCH_SIZE bytes at each jump label whose fate, by its number among the
 * model's entries, is ENTRY_TESTED: a test and a jump, the fields of both 0. *ret: NULL when it cannot be
 * done, since a jump has no long form or an alternative instruction counts on the size of a jump.
 */
struct error *stretch_make(const struct model *model, uint32_t unit, const uint8_t *fates,
			   struct stretch **ret) must_check;
void stretch_destroy(struct stretch *stretch);

/* Is the unit's byte one of an instruction that a test is in the place of? stretch may be NULL. */
bool stretch_replaces(const struct stretch *stretch, uint64_t offset);

/* Where an offset of the unit's is in the code; stretch may be NULL. */
uint64_t stretch_at(const struct stretch *stretch, uint64_t offset);

#endif
