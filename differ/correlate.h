/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which unit of the patched object is which unit of the original one. */
#ifndef DIFFER_CORRELATE_H
#define DIFFER_CORRELATE_H

#include "model.h"

struct correlation {
	const struct model *orig, *patched;
	uint32_t *of_orig;    /* by unit of orig: its twin in patched, or UNIT_NONE */
	uint32_t *of_patched; /* by unit of patched: its twin in orig, or UNIT_NONE */
};

/*
 * Three levels, in this order; a unit that found its twin on one is not looked at again.
 *  1. by name: functions, variables, compiler clones, and cold pieces by their parent's twin;
 *  2. static locals, and whatever else carries the compiler's numbers, by who refers to them;
 *  3. what is left over of those, when only one on each side has the stem.
 * Strings, constants and what each use makes anew have no twin: they are compared by content.
 */
struct error *correlate(const struct model *orig, const struct model *patched,
			struct correlation **ret) must_check;
void correlation_destroy(struct correlation *correlation);

/* The levels; each adds to what the ones before it found. */
struct error *correlate_names(struct correlation *correlation) must_check;
struct error *correlate_referrers(struct correlation *correlation) must_check;
struct error *correlate_leftovers(struct correlation *correlation) must_check;

void correlation_pair(struct correlation *correlation, uint32_t orig, uint32_t patched);

/* The cold piece of a function, or UNIT_NONE; and the function of a cold piece. */
uint32_t unit_cold_piece(const struct model *model, uint32_t function);
uint32_t unit_cold_owner(const struct model *model, uint32_t piece);

#endif
