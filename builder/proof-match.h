/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run-pre matching (Arnold and Kaashoek, Ksplice, EuroSys 2009): the functions of an object are
 * found in what runs by their code, and what the code refers to there tells where everything else
 * of the object is, live static variables too. Names only propose; that all of it fits together
 * decides.
 */
#ifndef KLPKIT_PROOF_MATCH_H
#define KLPKIT_PROOF_MATCH_H

#include "proof-body.h"

enum proof_state {
	PROOF_NOT_SEEN,	  /* nothing says where it is */
	PROOF_MATCHED,	  /* its code, or its contents, are what is there */
	PROOF_IMPLIED,	  /* code that matched refers to it there */
	PROOF_OVERRIDDEN, /* weak, and another object's definition is there */
	PROOF_ABSENT,	  /* no symbol of the name: the link left it out */
	PROOF_AMBIGUOUS,  /* the same code is at several places */
	PROOF_DIFFERS,	  /* what has the name is something else */
};

struct proof_difference {
	uint32_t symbol;
	struct proof_place place; /* where it was thought to be */
	uint64_t a_at, b_at;	  /* of the first instructions that differ, from both starts */
	const char *what;
};

struct proof_match {
	const struct proof_object *object;
	const struct proof_body *body;
	struct proof_place *places; /* of each symbol */
	uint8_t *states;	    /* enum proof_state of each symbol */
	uint32_t *sizes;	    /* of a matched function, in the body */
	struct proof_place *sections; /* where an unnamed section of the object's is */
	struct {
		struct proof_difference *items;
		size_t count, room;
	} differences;
	/* Plain immediates that differ, and lines in strings, are no difference (between a patched
	 * and its original object): immediates[symbol] is set for a function that has them. */
	bool allow_immediates;
	struct {
		struct proof_immediates {
			uint32_t symbol;
			struct proof_immediate immediate;
		} *items;
		size_t count, room;
	} immediates;
};

/* body has to outlive it. */
struct error *proof_match(const struct proof_object *object, const struct proof_body *body,
			  bool allow_immediates, struct proof_match **ret) must_check;
void proof_match_destroy(struct proof_match *match);

/* Where a place of the object's is in the body; PLACE_UNKNOWN when nothing tells. */
struct proof_place proof_match_place(const struct proof_match *match,
				     const struct proof_place *place);

#endif
