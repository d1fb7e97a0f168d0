/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which units mean the same in both objects. */
#ifndef DIFFER_COMPARE_H
#define DIFFER_COMPARE_H

#include "correlate.h"
#include "read-line-numbers.h"

enum verdict {
	VERDICT_SAME,
	VERDICT_CHANGED,
	VERDICT_NEW,	  /* no twin */
	VERDICT_BY_VALUE, /* strings, constants, what each use makes anew: no verdict of its own */
};

struct comparison {
	enum verdict *verdicts; /* by unit of patched */
	const char **reasons;	/* by unit of patched: why changed; static strings */
	uint64_t *first_change; /* by unit of patched: offset from its entry, for CHANGED code */
	struct line_source *orig_lines, *patched_lines; /* read when they are needed */
	bool out_of_memory;
};

struct error *compare(const struct correlation *correlation, struct comparison **ret) must_check;
void comparison_destroy(struct comparison *comparison);

/* compare-refs.c: do two relocations mean the same thing? */
bool refs_equal(const struct correlation *correlation, struct ref orig, struct ref patched);
/* Number index of each section; contents and what they refer to. */
bool units_equal_by_value(const struct correlation *correlation, uint32_t orig, uint32_t patched,
			  int depth);
/* compare-entries.c: NULL when the special entries of both agree, else what differs. */
const char *entries_difference(const struct correlation *correlation, uint32_t orig,
			       uint32_t patched);
/* compare-lines.c: do two functions of equal size differ in line numbers only? */
bool code_equal_but_lines(const struct correlation *correlation, struct comparison *comparison,
			  uint32_t orig, uint32_t patched);
/* Do the references at the same place of two functions lead to strings that differ in line numbers only? */
bool refs_equal_but_lines(const struct correlation *correlation, struct comparison *comparison,
			  uint32_t orig, uint32_t patched, uint64_t at, struct ref left, struct ref right);
/* Bytes outside of relocation fields; *at_ret is where they differ first. */
bool unit_bytes_equal(const struct correlation *correlation, uint32_t orig, uint32_t patched,
		      uint64_t *at_ret);

#endif
