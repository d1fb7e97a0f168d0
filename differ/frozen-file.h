/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of arrays that are mapped and used as they are. Made by this program for itself, on this
 * machine; not a format to hand on. A file of another kind or version is none.
 */
#ifndef DIFFER_FROZEN_FILE_H
#define DIFFER_FROZEN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>

#define FROZEN_NUMBERS 8
#define FROZEN_PARTS 8

enum frozen_kind {
	FROZEN_SYMTAB = 1,
	FROZEN_SYMVERS = 2,
};

struct frozen_file {
	uint64_t numbers[FROZEN_NUMBERS];
	struct {
		const void *data; /* aligned to a page */
		size_t size;
	} parts[FROZEN_PARTS];
	const void *map; /* of a file that was opened */
	size_t map_size;
};

/* The file is written beside its path and renamed. */
struct error *frozen_file_write(const char *path, enum frozen_kind kind,
				const struct frozen_file *file) must_check;
/* False: there is no such file. The parts' sizes are the reader's to check. */
bool frozen_file_map(const char *path, enum frozen_kind kind, struct frozen_file *ret);
void frozen_file_unmap(const struct frozen_file *file);

#endif
