/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections to a module file. The same sections give the same bytes. */
#ifndef KLPKIT_KO_WRITE_H
#define KLPKIT_KO_WRITE_H

#include <elf.h>
#include <stddef.h>

#include <klpkit/error.h>

struct ko_out_section {
	const char *name;
	Elf64_Shdr header; /* the writer sets sh_name and sh_offset */
	const void *data;  /* header.sh_size bytes, unless SHT_NOBITS */
};

/*
 * sections[0] is the null section; sections[shstrtab] gets its contents from the writer. From
 * header are taken what does not depend on the layout.
 */
struct error *ko_write(const char *path, const Elf64_Ehdr *header, struct ko_out_section *sections,
		       size_t count, size_t shstrtab) must_check;

#endif
