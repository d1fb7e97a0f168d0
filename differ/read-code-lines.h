/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source line of an instruction, from an object's .debug_line. */
#ifndef DIFFER_READ_CODE_LINES_H
#define DIFFER_READ_CODE_LINES_H

#include <stdbool.h>
#include <stdint.h>

struct code_lines;

/* Never NULL but without memory; without debug information it knows nothing. */
struct code_lines *code_lines_read(const char *object_path);
void code_lines_destroy(struct code_lines *lines);
/* 0 when it is not known. section: the ELF file's index. NULL lines know nothing. */
long code_line_at(const struct code_lines *lines, uint32_t section, uint64_t offset);

/*
 * Are two numbers, in an instruction of the original and its twin, no more than the line that the
 * instruction is of? Each is that line, or as far from it as the other (a macro of several lines).
 */
bool code_numbers_are_lines(long orig_number, long orig_line, long patched_number,
			    long patched_line);

#endif
