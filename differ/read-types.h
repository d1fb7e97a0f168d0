/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLPKIT_READ_TYPES_H
#define KLPKIT_READ_TYPES_H

#include <stdint.h>

#include <klpkit/error.h>

/* The size in bytes of "struct NAME" as the object's DWARF has it, or 0. */
struct error *types_struct_size(const char *object_path, const char *name,
				uint64_t *ret) must_check;

#endif
