/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A relocatable file as the proofs see it: an original or patched object, a kernel module, or the
 * finished patch. Read with ko.c, which the differ does not use; no stage of the differ's is used
 * in any proof-*.c, so that a mistake there is not repeated here.
 */
#ifndef KLPKIT_PROOF_OBJECT_H
#define KLPKIT_PROOF_OBJECT_H

#include <stdbool.h>

#include "../differ/read-names.h"
#include "ko.h"

struct proof_reloc {
	uint64_t offset; /* in its section */
	int64_t addend;
	uint32_t type, symbol;
	const char *owner; /* of a .klp.rela.OWNER.* section; NULL: an ordinary one */
};

struct proof_section {
	const char *name;
	const uint8_t *data; /* NULL: none in the file */
	uint64_t size, flags;
	uint32_t type;
	struct proof_reloc *relocs; /* by offset */
	uint32_t reloc_count;
	uint32_t *symbols; /* named ones in it, by value; of several, the ones with a size last */
	uint32_t symbol_count;
};

struct proof_symbol {
	const char *name; /* first: for the index */
	uint64_t value, size;
	uint32_t section; /* or SHN_UNDEF, SHN_ABS, SHN_COMMON, SHN_LIVEPATCH */
	uint8_t type, bind;
};

struct proof_object {
	const char *path;
	struct ko *ko;
	struct proof_section *sections;
	struct proof_symbol *symbols;
	uint32_t section_count, symbol_count;
	struct name_index names;
	uint64_t *nop_sites; /* jumps that objtool turns into no-ops, as section << 40 | offset */
	size_t nop_site_count;
};

/* Where something is. In a relocatable file: a place in a section, or an undefined symbol. */
enum proof_space {
	PLACE_UNKNOWN,
	PLACE_LINKED,	 /* an address of the kernel's image */
	PLACE_SECTION,	 /* of a relocatable file: index is the section's */
	PLACE_UNDEFINED, /* index is the symbol's */
};

struct proof_place {
	enum proof_space space;
	uint32_t index;
	uint64_t value;
};

/* From a file; path has to outlive it. */
struct error *proof_object_read(const char *path, struct proof_object **ret) must_check;
/* From an image that was opened (a compressed module, too). */
struct error *proof_object_from(const char *path, const void *data, size_t size,
				struct proof_object **ret) must_check;
void proof_object_destroy(struct proof_object *object);

bool proof_symbol_defined(const struct proof_object *object, uint32_t symbol);
bool proof_place_equal(const struct proof_place *a, const struct proof_place *b);
/*
 * What a relocation refers to. bias is added: for a PC-relative field of an instruction, how far
 * the instruction's end is from the field.
 */
struct proof_place proof_reloc_place(const struct proof_object *object,
				     const struct proof_reloc *reloc, int64_t bias);
struct proof_place proof_symbol_place(const struct proof_object *object, uint32_t symbol);
/* The named symbol that has the place inside; 0 when there is none. offset_ret: from its start. */
uint32_t proof_symbol_at(const struct proof_object *object, const struct proof_place *place,
			 int64_t *offset_ret);
/* The first relocation at or behind an offset. */
uint32_t proof_first_reloc(const struct proof_section *section, uint64_t offset);
/* 0 when there is none of this name. */
uint32_t proof_find_section(const struct proof_object *object, const char *name);
bool proof_is_nop_site(const struct proof_object *object, uint32_t section, uint64_t offset);

/* A no-op or jump that the kernel makes the other of, when the key is switched. */
struct proof_jump_label {
	struct proof_place target, key;
	bool jumps_off; /* it jumps while the key is off; else while it is on */
};

/* The one of this instruction, if there is one. */
bool proof_jump_label_at(const struct proof_object *object, uint32_t section, uint64_t offset,
			 struct proof_jump_label *ret);
bool proof_reloc_is_relative(uint32_t type);
/* Bytes of the field; 0 for a type that is not known. */
unsigned int proof_reloc_width(uint32_t type);

#endif
