/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A linked kernel module (ELF64, x86-64, ET_REL) in memory. What is here was checked when it was
 * read: every offset, index and name is in bounds.
 */
#ifndef KLPKIT_KO_H
#define KLPKIT_KO_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>

struct ko_section {
	const char *name;
	Elf64_Shdr header;
	const uint8_t *data; /* header.sh_size bytes; NULL for SHT_NOBITS and when empty */
};

struct ko {
	const char *path;
	char *file; /* everything below points into it */
	size_t size;
	Elf64_Ehdr header;
	struct ko_section *sections;
	size_t section_count;
	size_t symtab, strtab, shstrtab; /* section indices */
	const Elf64_Sym *symbols;
	size_t symbol_count;
};

/* path has to outlive it. */
struct error *ko_read(const char *path, struct ko **ret) must_check;
/* From a copy of the bytes; path is for messages. */
struct error *ko_from_memory(const char *path, const void *data, size_t size,
			     struct ko **ret) must_check;
void ko_destroy(struct ko *ko);

const char *ko_symbol_name(const struct ko *ko, size_t symbol);
/* 0 when there is none of this name. */
size_t ko_find_section(const struct ko *ko, const char *name);
/* The relocations of a SHT_RELA section. */
const Elf64_Rela *ko_relocs(const struct ko_section *section, size_t *count_ret);
/* The section of relocations for a section; 0 when there is none. */
size_t ko_find_relocs(const struct ko *ko, size_t target);
/* The value of "KEY=VALUE" in .modinfo, or NULL. */
const char *ko_modinfo(const struct ko *ko, const char *key);

#endif
