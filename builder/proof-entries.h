/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of special sections, by the code that they are about. */
#ifndef KLPKIT_PROOF_ENTRIES_H
#define KLPKIT_PROOF_ENTRIES_H

#include "proof-code.h"

enum proof_special {
	PROOF_BUGS,
	PROOF_EXCEPTIONS,
	PROOF_JUMP_LABELS,
	PROOF_ALTERNATIVES,
	PROOF_PARAVIRT,
	PROOF_STATIC_CALLS,
	PROOF_SMP_LOCKS,
	PROOF_RETPOLINES,
	PROOF_RETURNS,
	PROOF_CALL_SITES,
	PROOF_SEALS,
	PROOF_MCOUNT,
	PROOF_ORC,
	PROOF_SPECIAL_COUNT,
};

struct proof_entry {
	uint32_t code_section;
	enum proof_special special;
	uint64_t code; /* offset in code_section */
	uint32_t section; /* of the entry */
	uint64_t at;	  /* of the entry in it */
};

struct proof_entries {
	const struct proof_object *object;
	struct proof_entry *items; /* by code section, offset, special */
	size_t count;
	uint32_t sizes[PROOF_SPECIAL_COUNT]; /* bytes of an entry; 0: there is none */
	uint32_t orc; /* the section .orc_unwind */
};

struct error *proof_entries_create(const struct proof_object *object,
				   struct proof_entries **ret) must_check;
void proof_entries_destroy(struct proof_entries *entries);
/* The entries about [start, start + size) of a section: the first, and how many. */
const struct proof_entry *proof_entries_of(const struct proof_entries *entries, uint32_t section,
					   uint64_t start, uint64_t size, size_t *count_ret);
/* The one of a kind about this instruction; NULL when there is none. */
const struct proof_entry *proof_entry_at(const struct proof_entries *entries, uint32_t section,
					 uint64_t offset, enum proof_special special);
/* The instructions that an alternative puts in the place of others; false when there are none. */
bool proof_entry_replacement(const struct proof_entries *entries, const struct proof_entry *entry,
			     struct proof_code *ret);
const char *proof_special_name(enum proof_special special);
/* The kernel's build makes it of the linked module (objtool), where it has not of the object. */
bool proof_special_is_made(enum proof_special special);

/* Told of each field that refers to something; nop: a jump label's key. */
typedef void (*proof_entry_ref)(void *data, const struct proof_entry *a, unsigned int field,
				const struct proof_place *a_place,
				const struct proof_place *b_place);

/*
 * Two entries of one kind: NULL when all that is no reference is equal, else what is not. Line
 * numbers of __bug_table are left out of it with ignore_lines. a_start and b_start: where the code
 * starts that they are about: places inside of it (size bytes) are compared by their offset.
 */
const char *proof_entry_compare(const struct proof_entries *a_all, const struct proof_entry *a,
				const struct proof_code *a_code,
				const struct proof_entries *b_all, const struct proof_entry *b,
				const struct proof_code *b_code, bool ignore_lines,
				proof_entry_ref refer, void *data);

#endif
