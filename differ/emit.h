/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The object that carries the change. */
#ifndef DIFFER_EMIT_H
#define DIFFER_EMIT_H

#include "emit-elf.h"
#include "select.h"
#include "stretch.h"

/* A replacement of .altinstr_replacement that was copied. */
struct side_copy {
	uint32_t section; /* of the patched object */
	uint64_t start, size;
	uint32_t out_section;
	uint64_t out_start;
};

struct emission {
	const struct selection *selection;
	const struct model *model; /* of the patched object */
	struct elf_writer *writer;
	uint32_t *section; /* by unit: where it went; 0: nowhere */
	uint64_t *offset;  /* by unit: of its start there */
	uint32_t *symbol;  /* by unit: its symbol, or 0 */
	struct stretch **stretches; /* by unit: its code, where there is room made in it; or NULL */
	struct {
		struct side_copy *items;
		size_t count, room;
	} sides;
	uint32_t plain_keys; /* how many records .klpkit.refs has */
};

struct error *emit_object(const struct selection *selection, void **data_ret,
			  size_t *size_ret) must_check;

/* Where an offset from the unit's start is, in the unit's output section. */
uint64_t emission_at(const struct emission *emission, uint32_t unit, uint64_t offset);

/* The steps; each in its own file. */
struct error *emit_units(struct emission *emission) must_check;	  /* sections, symbols */
struct error *emit_refs(struct emission *emission) must_check;	  /* relocations of units */
struct error *emit_entries(struct emission *emission) must_check; /* special sections */
struct error *emit_records(struct emission *emission) must_check; /* include/klpkit/format.h */

struct error *emit_data(struct emission *emission) must_check;	  /* words of live variables */

/* Appends a record, and says where; and the pointer to a string that a field of it holds. */
struct error *emit_record(struct emission *emission, const char *name, const void *record,
			  size_t size, uint32_t *section_ret, uint64_t *at_ret) must_check;
bool emit_record_string(struct emission *emission, uint32_t section, uint64_t at,
			const char *text) must_check;

/*
 * Emits the relocation of the patched object's section, number index, at an offset of an output
 * section. entry: the field of a special entry, which means the carried code itself.
 */
struct error *emit_reloc(struct emission *emission, uint32_t section, uint32_t index,
			 uint32_t out_section, uint64_t out_offset, bool entry) must_check;
/* The symbol of a target outside of the patch's object. */
struct error *emit_outside(struct emission *emission, const struct target *target,
			   uint32_t *ret) must_check;
/* The undefined symbol of this name, made when it is not there; 0 without memory. */
uint32_t emit_undefined(struct emission *emission, const char *name);
/* Appends text to .klpkit.strings and gives its offset there; UINT64_MAX without memory. */
uint64_t emit_string(struct emission *emission, const char *text, uint32_t *section_ret);

#endif
