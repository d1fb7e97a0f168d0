/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source line of an instruction, from an object's .debug_line. */
#ifndef KLPKIT_PROOF_LINES_H
#define KLPKIT_PROOF_LINES_H

#include "proof-object.h"

struct proof_lines;

/*
 * 0 when it is not known. *lines is NULL the first time; what it becomes is destroyed by the
 * caller. The object was read from the file at its path.
 */
long proof_line_at(const struct proof_object *object, struct proof_lines **lines, uint32_t section,
		   uint64_t offset);
void proof_lines_destroy(struct proof_lines *lines);

#endif
