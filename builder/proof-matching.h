/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What proof-match*.c know while they match an object. */
#ifndef KLPKIT_PROOF_MATCHING_H
#define KLPKIT_PROOF_MATCHING_H

#include "proof-match.h"

struct candidate {
	struct proof_place place;
	struct proof_comparison comparison;
	const char *out; /* why it is not it, or NULL */
	uint64_t out_a, out_b;
};

struct function {
	uint32_t symbol;
	struct candidate *candidates;
	size_t count;
	bool settled;
};

struct matching {
	struct proof_match *match;
	struct function *functions;
	size_t count;
	bool *compared; /* the contents of each symbol's object */
	bool progress;
};

static inline const struct proof_symbol *matching_symbol(const struct matching *matching,
							 uint32_t symbol)
{
	return &matching->match->object->symbols[symbol];
}

/* proof-match-refs.c */
enum target {
	TARGET_NAMED,
	TARGET_STRING,
	TARGET_CONSTANT,
	TARGET_UNNAMED, /* a section without symbols: tables of a switch */
};

/* What the object's own side of a reference is about; the symbol, and the offset from it. */
enum target matching_target(const struct proof_object *object, const struct proof_place *a,
			    uint32_t *symbol_ret, int64_t *offset_ret);
/* The reference's two strings differ by a line of the source's only: which, and where. */
bool matching_line_in_strings(const struct proof_match *match, const struct proof_ref *ref,
			      struct proof_immediate *ret);
/* False when something else is known of the symbol. */
bool matching_know(struct matching *matching, uint32_t symbol, const struct proof_place *place,
		   enum proof_state state);
/* Does b of the body fit what a of the object refers to? NULL, or why not; then it is kept. */
const char *matching_check_ref(struct matching *matching, const struct proof_place *a,
			       const struct proof_place *b);
void matching_commit_ref(struct matching *matching, const struct proof_place *a,
			 const struct proof_place *b);

/* proof-match-functions.c */
struct error *matching_add_difference(struct matching *matching, uint32_t symbol,
				      const struct proof_place *place, const char *what,
				      uint64_t a_at, uint64_t b_at) must_check;
struct error *matching_find_candidates(struct matching *matching,
				       struct function *function) must_check;
struct error *matching_accept(struct matching *matching, struct function *function,
			      const struct candidate *candidate) must_check;
struct error *matching_settle_function(struct matching *matching,
				       struct function *function) must_check;

/* proof-match-data.c: the contents of what is found. */
struct error *matching_settle_data(struct matching *matching, uint32_t symbol) must_check;

#endif
