// SPDX-License-Identifier: GPL-2.0-or-later
/* The sections of the result: those that were there, without KLPKIT_SEC_REFS, then the core's. */
#include <klpkit/format.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finish-steps.h"

#ifndef SHF_RELA_LIVEPATCH
#define SHF_RELA_LIVEPATCH 0x00100000
#endif

static bool section_goes(const struct finish *finish, size_t index)
{
	const struct ko_section *section = &finish->ko->sections[index];

	if (section_is_ours(finish->ko, index))
		return true;
	/* Those that all became the core's. An empty one that was there stays. */
	return section_is_relocs(section) && section->header.sh_size &&
	       !finish->ordinary_count[index];
}

static void set_data(struct ko_out_section *section, const void *data, size_t size)
{
	section->data = data;
	section->header.sh_size = size;
}

static struct error *keep_section(struct finish *finish, size_t index)
{
	const struct ko *ko = finish->ko;
	const struct ko_section *old = &ko->sections[index];
	struct ko_out_section *section = &finish->sections[finish->section_map[index]];

	if (old->header.sh_type == SHT_GROUP || old->header.sh_type == SHT_SYMTAB_SHNDX)
		return error_create(EXIT_ERROR, "%s: section %s is of a kind that no module has",
				    ko->path, old->name);
	section->name = old->name;
	section->header = old->header;
	section->data = old->data;
	section->header.sh_link = finish->section_map[old->header.sh_link];
	if (old->header.sh_link && !section->header.sh_link)
		return error_create(EXIT_ERROR, "%s: section %s belongs to %s", ko->path, old->name,
				    KLPKIT_SEC_REFS);
	if (section_is_relocs(old)) {
		section->header.sh_info = finish->section_map[old->header.sh_info];
		set_data(section, finish->ordinary[index],
			 finish->ordinary_count[index] * sizeof(Elf64_Rela));
	}
	if (index == ko->symtab) {
		section->header.sh_info = finish->local_count;
		set_data(section, finish->symbols, finish->symbol_count * sizeof(Elf64_Sym));
	}
	if (index == ko->strtab)
		set_data(section, finish->strings, finish->strings_size);
	return NULL;
}

static void add_part(struct finish *finish, const struct part *part)
{
	struct ko_out_section *section = &finish->sections[finish->section_count++];

	section->name = part->name;
	section->data = part->relocs;
	section->header = (Elf64_Shdr){
		.sh_type = SHT_RELA,
		.sh_flags = SHF_ALLOC | SHF_INFO_LINK | SHF_RELA_LIVEPATCH,
		.sh_size = part->count * sizeof(Elf64_Rela),
		.sh_link = finish->section_map[finish->ko->symtab],
		.sh_info = finish->section_map[part->target],
		.sh_addralign = 8,
		.sh_entsize = sizeof(Elf64_Rela),
	};
}

/* Section numbers in the symbols, now that these are known. */
static void renumber_symbols(struct finish *finish)
{
	for (size_t i = 1; i < finish->symbol_count; i++) {
		Elf64_Sym *symbol = &finish->symbols[i];

		if (symbol->st_shndx < SHN_LORESERVE)
			symbol->st_shndx = finish->section_map[symbol->st_shndx];
	}
}

/*
 * The mark of a live-patch module; the glue brings it, another module may not have it. For the loader the glue knows
 * whether the kernel takes it.
 */
static struct error *mark_livepatch(struct finish *finish)
{
	static const char mark[] = "livepatch=Y";
	size_t old = ko_find_section(finish->ko, ".modinfo");
	struct ko_out_section *section = &finish->sections[finish->section_map[old]];
	size_t size = section->header.sh_size;
	const char *backend;

	if (!old)
		return error_create(EXIT_ERROR, "%s: not a module: no .modinfo", finish->ko->path);
	backend = ko_modinfo(finish->ko, "klpkit_backend");
	if (ko_modinfo(finish->ko, "livepatch") || (backend && !strcmp(backend, "loader")))
		return NULL;
	finish->modinfo = malloc(size + sizeof(mark));
	if (!finish->modinfo)
		return error_nomem();
	if (size)
		memcpy(finish->modinfo, section->data, size);
	memcpy(finish->modinfo + size, mark, sizeof(mark));
	set_data(section, finish->modinfo, size + sizeof(mark));
	return NULL;
}

struct error *finish_layout(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err = NULL;

	finish->sections =
		calloc(ko->section_count + finish->part_count, sizeof(*finish->sections));
	if (!finish->sections)
		return error_nomem();
	finish->section_count = 1;
	for (size_t i = 1; i < ko->section_count; i++)
		if (!section_goes(finish, i))
			finish->section_map[i] = finish->section_count++;
	for (size_t i = 1; i < ko->section_count && !err; i++)
		if (finish->section_map[i])
			err = keep_section(finish, i);
	for (size_t i = 0; i < finish->part_count && !err; i++)
		add_part(finish, &finish->parts[i]);
	if (!err)
		err = mark_livepatch(finish);
	renumber_symbols(finish);
	return err;
}
