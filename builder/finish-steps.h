/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of the finish, and what each leaves for those after it. Private to finish*.c. */
#ifndef KLPKIT_FINISH_STEPS_H
#define KLPKIT_FINISH_STEPS_H

#include <stdbool.h>

#include "ko-write.h"
#include "ref.h"

/* Relocations for the core: one section of the result. */
struct part {
	const char *owner;
	size_t target; /* old section index */
	char *name;
	Elf64_Rela *relocs;
	size_t count;
};

struct finish {
	const struct ko *ko;
	struct ref **refs;
	/* 2. */
	bool *symbol_used;
	uint32_t *symbol_map; /* old index to new; 0: gone */
	Elf64_Sym *symbols;
	size_t symbol_count, local_count, converted;
	char *strings;
	size_t strings_size;
	/* 3. */
	Elf64_Rela **ordinary; /* by old index of the SHT_RELA section */
	size_t *ordinary_count;
	struct part *parts;
	size_t part_count;
	/* 4. */
	uint32_t *section_map; /* old index to new; 0: gone */
	struct ko_out_section *sections;
	size_t section_count;
	char *modinfo; /* when it had to grow */
};

bool section_is_relocs(const struct ko_section *section);
/* KLPKIT_SEC_REFS and its relocations, which were for us. */
bool section_is_ours(const struct ko *ko, size_t index);
/* A vmlinux symbol is there when the patch loads, whoever refers to it; the core insists. */
const char *ref_owner(const struct ref *ref);

/* 2. */
struct error *finish_symbols(struct finish *finish) must_check;
/* 3. */
struct error *finish_relocs(struct finish *finish) must_check;
/* 4. */
struct error *finish_layout(struct finish *finish) must_check;

#endif
