/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A relocatable object as it is in its file: sections, symbols, relocations. Checked when it is
 * read and trusted by every later stage: names are terminated, indices are in range, relocation
 * fields lie inside their section, relocations are sorted by offset.
 */
#ifndef DIFFER_READ_OBJECT_H
#define DIFFER_READ_OBJECT_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>

struct reloc {
	uint64_t offset; /* in the section it applies to */
	int64_t addend;
	uint32_t type;	 /* R_X86_64_* */
	uint32_t symbol; /* index */
};

struct section {
	const char *name;
	const uint8_t *data; /* NULL: SHT_NOBITS or empty */
	uint64_t size, flags, align, entsize;
	struct reloc *relocs; /* none is read for sections that are not loaded, but .discard.* */
	uint32_t reloc_count;
	uint32_t type, link, info;
};

/* Where a symbol is, when not in a section. */
#define SYMBOL_UNDEF 0u
#define SYMBOL_ABS 0xfffffff1u
#define SYMBOL_COMMON 0xfffffff2u

struct symbol {
	const char *name;
	uint64_t value, size;
	uint32_t section; /* an index in sections[], or one of the above */
	uint8_t bind, type;
};

struct object {
	char *path;
	struct section *sections; /* [0] is the null section */
	struct symbol *symbols;	  /* [0] is the null symbol */
	size_t section_count, symbol_count;
	char *data; /* the file */
	size_t size;
	void *elf; /* Elf *: keeps the section data */
};

struct error *object_read(const char *path, struct object **ret) must_check;
void object_destroy(struct object *object);

static inline bool symbol_is_defined(const struct object *object, const struct symbol *symbol)
{
	return symbol->section != SYMBOL_UNDEF && symbol->section < object->section_count;
}

/* Bytes that a relocation of this type fills; 0 for a type that the kit does not know. */
unsigned int reloc_width(uint32_t type);
bool reloc_is_pc_relative(uint32_t type);

#endif
