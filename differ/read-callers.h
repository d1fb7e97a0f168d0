/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who refers to a function, by the image that runs: what no single object tells of a global one. */
#ifndef DIFFER_READ_CALLERS_H
#define DIFFER_READ_CALLERS_H

#include <klpkit/image.h>

/*
 * One place: the function or variable that it is in (or the section), and whether that calls or jumps there; else it
 * has the address. True: enough.
 */
typedef bool (*caller_fn)(void *data, const char *name, bool calls);

/*
 * Tells each place of the image that refers to the function at an index of symtab, which is the image's; but for calls
 * by the kernel's own init code, which is gone. A module's init and exit code is told by its section. In a linked image
 * a number that only looks like a reference is told, too. True: told enough.
 */
bool callers_each(const struct image *image, const struct symtab *symtab, uint32_t entry, caller_fn tell, void *data);

#endif
