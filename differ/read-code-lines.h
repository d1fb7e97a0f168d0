/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source line of an instruction, from an object's .debug_line. */
#ifndef DIFFER_READ_CODE_LINES_H
#define DIFFER_READ_CODE_LINES_H

#include <stdbool.h>
#include <stdint.h>

struct code_lines;

/* NULL: without memory; without debug information it knows nothing. */
struct code_lines *code_lines_read(const char *object_path);
void code_lines_destroy(struct code_lines *lines);
/* Is anything known of any instruction? */
bool code_lines_known(const struct code_lines *lines);
/* 0 when it is not known. section: the ELF file's index. NULL lines know nothing. */
long code_line_at(const struct code_lines *lines, uint32_t section, uint64_t offset);

/*
 * The places from start to end (offsets in the section) at which another line begins, in order:
 * *at_ret is the first one from *at_ret on. False when there is none.
 */
bool code_lines_next(const struct code_lines *lines, uint32_t section, uint64_t end,
		     uint64_t *at_ret, long *line_ret);

#endif
