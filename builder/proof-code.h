/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two pieces of code, instruction by instruction: are they the same but for what their fields
 * refer to, and what do these refer to on each side? A short and a long form of the same branch
 * are the same: compiled with a section for each function, a function's code differs from what is
 * in the image in nothing else.
 */
#ifndef KLPKIT_PROOF_CODE_H
#define KLPKIT_PROOF_CODE_H

#include "proof-object.h"

/* Where code is: in a section of a relocatable file, or in a linked image. */
struct proof_code {
	const struct proof_object *object; /* NULL: linked */
	uint32_t section;
	const uint8_t *bytes;
	uint64_t start; /* in the section; an address when linked */
	uint64_t size;	/* of b: how many bytes there are at most */
};

enum proof_flow {
	PROOF_REFERS, /* neither of the two */
	PROOF_CALLS,
	PROOF_JUMPS,
};

/* A field that refers to something outside of the code, and what it refers to on both sides. */
struct proof_ref {
	uint64_t at; /* the instruction, from the start of a */
	uint64_t b_at;
	enum proof_flow flow;
	struct proof_place a, b;
	const char *name; /* a is PLACE_UNKNOWN: what it refers to, a global of the kernel's */
};

/* A plain immediate that differs. */
struct proof_immediate {
	uint64_t at, b_at;
	int64_t a, b;
};

struct proof_comparison {
	struct {
		struct proof_ref *items;
		size_t count, room;
	} refs;
	struct {
		struct proof_immediate *items;
		size_t count, room;
	} immediates;
	struct {
		uint64_t *items;
		size_t count, room;
	} inner_calls;	      /* of the code by itself: where in b they are */
	struct {
		uint64_t *items;
		size_t count, room;
	} tests; /* jump labels of a, from its start, in whose place b tests the key */
	bool same;	      /* apart from refs and immediates */
	uint64_t a_at, b_at;  /* the first instructions that differ, from the starts */
	const char *what;     /* how they differ */
	uint64_t b_size;      /* what a's size is in b */
};

/* Zeroed before; destroyed by the caller whatever is returned. */
struct error *proof_compare(const struct proof_code *a, const struct proof_code *b,
			    struct proof_comparison *ret) must_check;
void proof_comparison_destroy(struct proof_comparison *comparison);

/* The code of a function; false when it has none in the file. */
bool proof_code_of(const struct proof_object *object, uint32_t symbol, struct proof_code *ret);

/* Up to the end of its first jump that is always taken; 0 when there is none. */
uint64_t proof_code_to_jump(const struct proof_code *code);

/* Does the instruction load the address that a relocation of it says, and not what is there? */
bool proof_code_loads(const struct proof_code *code, uint64_t at);

/* The instruction as text (AT&T's syntax), for messages; buffer of any size. */
void proof_print(const struct proof_code *code, uint64_t at, char *buffer, size_t size);

#endif
