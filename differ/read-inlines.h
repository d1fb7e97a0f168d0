/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which function's code an instruction is, where the compiler has inlined others; from DWARF. */
#ifndef DIFFER_READ_INLINES_H
#define DIFFER_READ_INLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inlines;

/* NULL without memory; without debug information it knows nothing. */
struct inlines *inlines_read(const char *object_path);
void inlines_destroy(struct inlines *inlines);
/*
 * The innermost function whose code, inlined in the named one (a name of the source's), covers the
 * address in its section; NULL when it is the function's own. depth: 0 for the innermost, 1 for what
 * that was inlined into, and so on.
 */
const char *inlines_at(const struct inlines *inlines, const char *function, uint64_t address,
		       unsigned int depth);

/* Is what is at the address inlined, at any depth, by a call in this line of the source? */
bool inlines_called_at(const struct inlines *inlines, const char *function, uint64_t address,
		       long line);

/*
 * ", first in code of X, inlined by way of Y by way of Z" for what is at the address; nothing when it
 * is the function's own.
 */
void inlines_say(const struct inlines *inlines, const char *function, uint64_t address, char *buffer,
		 size_t size);

#endif
