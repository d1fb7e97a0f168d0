/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which numbers in code are no more than lines of its source; from DWARF. */
#ifndef DIFFER_READ_LINE_NUMBERS_H
#define DIFFER_READ_LINE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_source;

/* NULL: without memory; without debug information it knows nothing. */
struct line_source *line_source_read(const char *object_path);
void line_source_destroy(struct line_source *source);
/* Is anything known of any instruction? */
bool line_source_known(const struct line_source *source);

/* An instruction of a function, and the number in it. */
struct line_number {
	const struct line_source *source;
	const char *function;
	uint32_t section;     /* the ELF file's index */
	uint64_t start, size; /* of the function, in the section */
	uint64_t at;	      /* of the instruction, from the start */
	long number;
};

/*
 * Are two numbers, in the same instruction of the original and of its twin, no more than source
 * lines? Each is
 * - the line that the instruction is of, or as far from it as the other (a macro of several lines);
 * - the line of the call by which the instruction's code was inlined, to which it was passed;
 * - the line of another instruction, the same on both sides (code of an inlined call that was moved).
 */
bool line_numbers_same(const struct line_number *orig, const struct line_number *patched);

/*
 * Are two strings the same but for a line behind a source's name ("... at fs/file.c:12", as
 * include/linux/fortify-string.h makes them)? Of these sizes at most; the lines go to *a_ret, *b_ret.
 */
bool line_in_strings(const char *a, size_t a_size, const char *b, size_t b_size, long *a_ret,
		     long *b_ret);

#endif
