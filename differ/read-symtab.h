/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct symtab, for the read-*.c files only: each reader makes an empty table of
 * a known size, adds what its source has, and finishes it.
 */
#ifndef DIFFER_READ_SYMTAB_H
#define DIFFER_READ_SYMTAB_H

#include <klpkit/image.h>

#include "frozen-file.h"
#include "read-names.h"

/* An entry in a frozen table. Offsets in strings; file: 0 for none. */
struct symtab_record {
	uint32_t name, file;
	uint64_t address, size;
	uint32_t section;
	char type;
};

struct symtab {
	struct symtab_entry *entries;
	size_t count, room;
	struct name_index index;
	char *strings;	     /* what the names point into */
	const struct symtab_record *records; /* NULL, or what entries are made of when asked for */
	struct frozen_file frozen; /* map NULL, or what has all but the entries */
	bool *init_sections; /* a module: by section header index */
	size_t section_count;
	uint64_t init_start, init_end; /* the kernel: what is freed after boot; equal: unknown */
	bool module;
};

enum symtab_order {
	SYMTAB_AS_ADDED, /* a module's, or one that the kernel's build sorted */
	SYMTAB_KERNEL,	 /* filtered and sorted as scripts/kallsyms.c does */
};

/* strings is malloc'd and taken over, on failure too. path is for messages. */
struct error *symtab_create(const char *path, size_t room, char *strings, bool module,
			    struct symtab **ret) must_check;
/* At most room times. */
void symtab_add(struct symtab *symtab, const struct symtab_entry *entry);
struct error *symtab_finish(struct symtab *symtab, enum symtab_order order) must_check;

/* The readers. Each finishes what it returns. */
struct error *symtab_read_elf(const struct image *image, const char *path,
			      struct symtab **ret) must_check;
struct error *symtab_read_kallsyms(const struct image *image, const char *path,
				   struct symtab **ret) must_check;
/* data is malloc'd, NUL-terminated, and taken over, on failure too. */
struct error *symtab_read_text(const char *path, char *data, size_t size,
			       struct symtab **ret) must_check;

/* read-symtab-order.c: to scripts/kallsyms.c's list and order; to be called once. */
struct error *symtab_sort(struct symtab *symtab) must_check;

#endif
