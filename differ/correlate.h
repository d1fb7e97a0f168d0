/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which unit of the patched object is which unit of the original one. */
#ifndef DIFFER_CORRELATE_H
#define DIFFER_CORRELATE_H

#include "model.h"
#include "read-locals.h"

/* Who declares a static local: by unit, NULL where it is not known. */
struct declarers {
	struct locals locals;
	const char **functions;
};

struct correlation {
	const struct model *orig, *patched;
	uint32_t *of_orig;    /* by unit of orig: its twin in patched, or UNIT_NONE */
	uint32_t *of_patched; /* by unit of patched: its twin in orig, or UNIT_NONE */
	struct declarers in_orig, in_patched; /* empty where nothing was open */
};

/*
 * Four levels, in this order; a unit that found its twin on one is not looked at again.
 *  1. by name: functions, variables, compiler clones, and cold pieces by their parent's twin;
 *  2. static locals, and whatever else carries the compiler's numbers, by who refers to them: at
 *     first where the code is the same; where that leaves any, by the function that declares them
 *     (DWARF); then by who refers to them in changed code, which may have inlined another function;
 *  3. what is left over of those, when only one on each side has the stem;
 *  4. equal constants whose names differ in a line number, which a macro put there.
 * Strings, constants and what each use makes anew have no twin: they are compared by content.
 */
struct error *correlate(const struct model *orig, const struct model *patched,
			struct correlation **ret) must_check;
void correlation_destroy(struct correlation *correlation);

/* The levels; each adds to what the ones before it found. */
struct error *correlate_names(struct correlation *correlation) must_check;
struct error *correlate_same_code(struct correlation *correlation) must_check;
struct error *correlate_declared(struct correlation *correlation) must_check;
struct error *correlate_referrers(struct correlation *correlation) must_check;
struct error *correlate_leftovers(struct correlation *correlation) must_check;
struct error *correlate_lines(struct correlation *correlation) must_check;

/* Both are known to be declared by functions, of different names: never the same variable. */
bool declared_elsewhere(const struct correlation *correlation, uint32_t orig, uint32_t patched);
void declarers_destroy(struct declarers *declarers);

/* A static local with a compiler's number that has an identity; the same but for the number. */
bool unit_has_number(const struct model *model, const struct unit *unit);
bool unit_stems_equal(const struct unit *a, const struct unit *b);

void correlation_pair(struct correlation *correlation, uint32_t orig, uint32_t patched);

/* The cold piece of a function, or UNIT_NONE; and the function of a cold piece. */
uint32_t unit_cold_piece(const struct model *model, uint32_t function);
uint32_t unit_cold_owner(const struct model *model, uint32_t piece);

#endif
