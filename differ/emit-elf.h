/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ELF relocatable object under construction: sections that grow, symbols, relocations; then
 * the bytes of the file. Nothing here knows what it is for. The same calls give the same bytes.
 */
#ifndef DIFFER_EMIT_ELF_H
#define DIFFER_EMIT_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>

struct elf_reloc {
	uint64_t offset;
	int64_t addend;
	uint32_t type, symbol; /* symbol: the writer's number */
};

struct elf_section {
	char *name;
	uint32_t type;
	uint64_t flags, align, entsize;
	uint32_t link; /* a section's number here, or 0; for SHF_LINK_ORDER */
	uint32_t symbol; /* its section symbol's number */
	uint8_t *data;	 /* NULL for SHT_NOBITS */
	uint64_t size;
	size_t room;
	struct {
		struct elf_reloc *items;
		size_t count, room;
	} relocs;
};

struct elf_symbol {
	char *name; /* NULL for a section symbol */
	uint64_t value, size;
	uint32_t section; /* 0: undefined */
	uint8_t bind, type;
};

struct elf_writer {
	struct {
		struct elf_section *items; /* [0] is the null section */
		size_t count, room;
	} sections;
	struct {
		struct elf_symbol *items; /* [0] is the null symbol */
		size_t count, room;
	} symbols;
};

struct error *elf_writer_create(struct elf_writer **ret) must_check;
void elf_writer_destroy(struct elf_writer *writer);

/* A new section, with its section symbol; 0 without memory. */
uint32_t elf_writer_section(struct elf_writer *writer, const char *name, uint32_t type,
			    uint64_t flags, uint64_t align, uint64_t entsize);
/* The section of this name and these flags, made when it is not there; 0 without memory. */
uint32_t elf_writer_shared(struct elf_writer *writer, const char *name, uint32_t type,
			   uint64_t flags, uint64_t align, uint64_t entsize);
/* Appends at the alignment, padding with fill; data NULL: zeros. Gives where, or UINT64_MAX. */
uint64_t elf_writer_append(struct elf_writer *writer, uint32_t section, const void *data,
			   uint64_t size, uint64_t align, uint8_t fill);
/* A new symbol; 0 without memory. The name is copied. */
uint32_t elf_writer_symbol(struct elf_writer *writer, const char *name, uint32_t section,
			   uint64_t value, uint64_t size, uint8_t bind, uint8_t type);
bool elf_writer_reloc(struct elf_writer *writer, uint32_t section, uint64_t offset, uint32_t type,
		      uint32_t symbol, int64_t addend);

/* The file. *data_ret is malloc'd. */
struct error *elf_writer_finish(const struct elf_writer *writer, void **data_ret,
				size_t *size_ret) must_check;

#endif
