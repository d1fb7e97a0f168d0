// SPDX-License-Identifier: GPL-2.0-or-later
/* A linked kernel module: everything about it is checked here, then trusted. */
#include <klpkit/file.h>
#include <stdlib.h>
#include <string.h>

#include "ko.h"

static struct error *bad(const struct ko *ko, const char *what, size_t index)
{
	return error_create(EXIT_ERROR, "%s: damaged module: %s (section %zu)", ko->path, what,
			    index);
}

static struct error *check_header(const struct ko *ko)
{
	const Elf64_Ehdr *header = &ko->header;
	size_t table;

	if (ko->size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG))
		return error_create(EXIT_ERROR, "%s: not an ELF file", ko->path);
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    header->e_machine != EM_X86_64 || header->e_type != ET_REL)
		return error_create(EXIT_ERROR, "%s: not a kernel module for x86-64", ko->path);
	if (header->e_shentsize != sizeof(Elf64_Shdr) || !header->e_shnum)
		return error_create(EXIT_ERROR, "%s: damaged module: no sections", ko->path);
	table = header->e_shnum * sizeof(Elf64_Shdr);
	if (header->e_shoff > ko->size || table > ko->size - header->e_shoff ||
	    header->e_shstrndx >= header->e_shnum)
		return error_create(EXIT_ERROR, "%s: damaged module: cut off", ko->path);
	return NULL;
}

static struct error *check_section(struct ko *ko, size_t index)
{
	struct ko_section *section = &ko->sections[index];
	const Elf64_Shdr *header = &section->header;

	if (header->sh_type == SHT_NULL && header->sh_size)
		return bad(ko, "an unused section has a size", index);
	if (header->sh_addralign & (header->sh_addralign - 1) || header->sh_addralign > 1 << 24)
		return bad(ko, "an alignment is not a power of two", index);
	if (header->sh_link >= ko->section_count)
		return bad(ko, "a link to no section", index);
	if (header->sh_type == SHT_NULL || header->sh_type == SHT_NOBITS)
		return NULL;
	if (header->sh_offset > ko->size || header->sh_size > ko->size - header->sh_offset)
		return bad(ko, "a section lies outside of the file", index);
	if (header->sh_size)
		section->data = (const uint8_t *)ko->file + header->sh_offset;
	if (header->sh_type == SHT_STRTAB && header->sh_size && section->data[header->sh_size - 1])
		return bad(ko, "a string table without an end", index);
	return NULL;
}

static struct error *read_sections(struct ko *ko)
{
	struct error *err;

	ko->section_count = ko->header.e_shnum;
	ko->shstrtab = ko->header.e_shstrndx;
	ko->sections = calloc(ko->section_count, sizeof(*ko->sections));
	if (!ko->sections)
		return error_nomem();
	for (size_t i = 0; i < ko->section_count; i++) {
		memcpy(&ko->sections[i].header,
		       ko->file + ko->header.e_shoff + i * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr));
		err = check_section(ko, i);
		if (err)
			return err;
		if (ko->sections[i].header.sh_type != SHT_SYMTAB)
			continue;
		if (ko->symtab)
			return bad(ko, "a second symbol table", i);
		ko->symtab = i;
	}
	return NULL;
}

static struct error *read_names(struct ko *ko)
{
	const struct ko_section *names = &ko->sections[ko->shstrtab];

	if (names->header.sh_type != SHT_STRTAB || !names->data)
		return bad(ko, "section names are missing", ko->shstrtab);
	for (size_t i = 0; i < ko->section_count; i++) {
		if (ko->sections[i].header.sh_name >= names->header.sh_size)
			return bad(ko, "a name lies outside of its table", i);
		ko->sections[i].name = (const char *)names->data + ko->sections[i].header.sh_name;
	}
	return NULL;
}

static struct error *read_symbols(struct ko *ko)
{
	const struct ko_section *symtab = &ko->sections[ko->symtab];
	const struct ko_section *strtab;

	if (!ko->symtab || symtab->header.sh_entsize != sizeof(Elf64_Sym) ||
	    symtab->header.sh_size % sizeof(Elf64_Sym) || symtab->header.sh_offset % 8 ||
	    !symtab->data)
		return bad(ko, "no symbol table", ko->symtab);
	ko->strtab = symtab->header.sh_link;
	strtab = &ko->sections[ko->strtab];
	if (strtab->header.sh_type != SHT_STRTAB || !strtab->data)
		return bad(ko, "symbol names are missing", ko->strtab);
	ko->symbols = (const Elf64_Sym *)symtab->data;
	ko->symbol_count = symtab->header.sh_size / sizeof(Elf64_Sym);
	if (symtab->header.sh_info > ko->symbol_count)
		return bad(ko, "more local symbols than symbols", ko->symtab);
	for (size_t i = 0; i < ko->symbol_count; i++) {
		const Elf64_Sym *symbol = &ko->symbols[i];

		if (symbol->st_name >= strtab->header.sh_size)
			return bad(ko, "a symbol's name lies outside of its table", ko->symtab);
		if (symbol->st_shndx >= ko->section_count && symbol->st_shndx < SHN_LORESERVE)
			return bad(ko, "a symbol in no section", ko->symtab);
		if (symbol->st_shndx == SHN_XINDEX)
			return bad(ko, "more sections than a module can have", ko->symtab);
	}
	return NULL;
}

static struct error *check_relocs(const struct ko *ko, size_t index)
{
	const struct ko_section *section = &ko->sections[index], *target;
	const Elf64_Rela *relocs;
	size_t count;

	if (section->header.sh_info >= ko->section_count)
		return bad(ko, "relocations for no section", index);
	if (section->header.sh_link != ko->symtab || section->header.sh_offset % 8 ||
	    section->header.sh_entsize != sizeof(Elf64_Rela) ||
	    section->header.sh_size % sizeof(Elf64_Rela))
		return bad(ko, "malformed relocations", index);
	target = &ko->sections[section->header.sh_info];
	relocs = ko_relocs(section, &count);
	for (size_t i = 0; i < count; i++) {
		if (ELF64_R_SYM(relocs[i].r_info) >= ko->symbol_count)
			return bad(ko, "a relocation against no symbol", index);
		if (relocs[i].r_offset >= target->header.sh_size)
			return bad(ko, "a relocation outside of its section", index);
	}
	return NULL;
}

static struct error *read_all(struct ko *ko)
{
	struct error *err;

	if (ko->size >= sizeof(ko->header))
		memcpy(&ko->header, ko->file, sizeof(ko->header));
	err = check_header(ko);
	if (!err)
		err = read_sections(ko);
	if (!err)
		err = read_names(ko);
	if (!err)
		err = read_symbols(ko);
	for (size_t i = 0; !err && i < ko->section_count; i++)
		if (ko->sections[i].header.sh_type == SHT_RELA)
			err = check_relocs(ko, i);
	return err;
}

/* Takes file over. */
static struct error *ko_take(const char *path, char *file, size_t size, struct ko **ret)
{
	struct ko *ko = calloc(1, sizeof(*ko));
	struct error *err;

	if (!ko) {
		free(file);
		return error_nomem();
	}
	ko->path = path;
	ko->file = file;
	ko->size = size;
	err = read_all(ko);
	if (err) {
		ko_destroy(ko);
		return err;
	}
	*ret = ko;
	return NULL;
}

struct error *ko_read(const char *path, struct ko **ret)
{
	struct error *err;
	char *file;
	size_t size;

	err = file_read(path, &file, &size);
	if (err)
		return err;
	return ko_take(path, file, size, ret);
}

struct error *ko_from_memory(const char *path, const void *data, size_t size, struct ko **ret)
{
	char *file = malloc(size + 1);

	if (!file)
		return error_nomem();
	memcpy(file, data, size);
	return ko_take(path, file, size, ret);
}

void ko_destroy(struct ko *ko)
{
	if (!ko)
		return;
	free(ko->sections);
	free(ko->file);
	free(ko);
}

const char *ko_symbol_name(const struct ko *ko, size_t symbol)
{
	return (const char *)ko->sections[ko->strtab].data + ko->symbols[symbol].st_name;
}

size_t ko_find_section(const struct ko *ko, const char *name)
{
	for (size_t i = 1; i < ko->section_count; i++)
		if (!strcmp(ko->sections[i].name, name))
			return i;
	return 0;
}

const Elf64_Rela *ko_relocs(const struct ko_section *section, size_t *count_ret)
{
	*count_ret = section->header.sh_size / sizeof(Elf64_Rela);
	return (const Elf64_Rela *)section->data;
}

size_t ko_find_relocs(const struct ko *ko, size_t target)
{
	for (size_t i = 1; i < ko->section_count; i++)
		if (ko->sections[i].header.sh_type == SHT_RELA &&
		    ko->sections[i].header.sh_info == target)
			return i;
	return 0;
}

const char *ko_modinfo(const struct ko *ko, const char *key)
{
	const struct ko_section *section = &ko->sections[ko_find_section(ko, ".modinfo")];
	const char *entry = (const char *)section->data, *end = entry + section->header.sh_size;
	size_t length = strlen(key);

	if (!section->data || end[-1])
		return NULL;
	for (; entry < end; entry += strlen(entry) + 1)
		if (!strncmp(entry, key, length) && entry[length] == '=')
			return entry + length + 1;
	return NULL;
}
