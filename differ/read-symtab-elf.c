// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: an image with an ELF symbol table. Out: its symbols, each with the letter that nm gives it,
 * because the kernel's build chooses by these letters what goes into kallsyms.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read-image.h"
#include "read-symtab.h"

struct elf_symbols {
	const struct image *image;
	const char *path;
	const uint8_t *data, *shndx; /* shndx: SHT_SYMTAB_SHNDX, or NULL */
	size_t count;
	char *strings; /* a copy of the string table */
	size_t strings_size;
	char *letters; /* by section */
};

/* nm's letter for what is in a section (binutils, bfd_decode_symclass); 'n' and 'N' not apart. */
static char elf_section_letter(const Elf64_Shdr *section)
{
	if (!(section->sh_flags & SHF_ALLOC))
		return 'n';
	if (section->sh_flags & SHF_EXECINSTR)
		return 't';
	if (section->sh_type == SHT_NOBITS)
		return 'b';
	return section->sh_flags & SHF_WRITE ? 'd' : 'r';
}

static char elf_symbol_letter(const struct elf_symbols *symbols, const Elf64_Sym *symbol,
			      uint32_t section)
{
	unsigned int bind = ELF64_ST_BIND(symbol->st_info);
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);
	char letter;

	if (symbol->st_shndx == SHN_COMMON)
		return 'C';
	if (type == STT_GNU_IFUNC)
		return 'i';
	if (bind == STB_WEAK)
		return type == STT_OBJECT ? 'V' : 'W';
	if (bind == STB_GNU_UNIQUE)
		return 'u';
	if (symbol->st_shndx == SHN_ABS)
		letter = 'a';
	else
		letter = section < symbols->image->section_count ? symbols->letters[section] : '?';
	return bind == STB_LOCAL ? letter : (char)toupper(letter);
}

static struct error *elf_find_strings(struct elf_symbols *symbols, size_t table)
{
	const struct image *image = symbols->image;
	uint32_t link = image->sections[table].sh_link;
	const uint8_t *strings;

	if (link && link < image->section_count && image->sections[link].sh_type == SHT_STRTAB)
		strings = image_section_data(image, link);
	else
		strings = NULL;
	if (!strings || strings[image->sections[link].sh_size - 1])
		return error_create(EXIT_ERROR,
				    "%s: is damaged: its symbol table has no valid "
				    "names",
				    symbols->path);
	symbols->strings_size = image->sections[link].sh_size;
	symbols->strings = malloc(symbols->strings_size);
	if (!symbols->strings)
		return error_nomem();
	memcpy(symbols->strings, strings, symbols->strings_size);
	return NULL;
}

static struct error *elf_find_symbols(struct elf_symbols *symbols)
{
	const struct image *image = symbols->image;
	size_t table = 1;

	while (image->sections[table].sh_type != SHT_SYMTAB || !image->sections[table].sh_size)
		table++;
	if (image->sections[table].sh_entsize != sizeof(Elf64_Sym) ||
	    image->sections[table].sh_size % sizeof(Elf64_Sym))
		return error_create(EXIT_ERROR,
				    "%s: is damaged: its symbol table has entries of a "
				    "wrong size",
				    symbols->path);
	symbols->data = image_section_data(image, table);
	symbols->count = image->sections[table].sh_size / sizeof(Elf64_Sym);
	for (size_t i = 1; i < image->section_count; i++)
		if (image->sections[i].sh_type == SHT_SYMTAB_SHNDX &&
		    image->sections[i].sh_link == table &&
		    image->sections[i].sh_size / sizeof(uint32_t) >= symbols->count)
			symbols->shndx = image_section_data(image, i);
	symbols->letters = malloc(image->section_count);
	if (!symbols->letters)
		return error_nomem();
	for (size_t i = 0; i < image->section_count; i++)
		symbols->letters[i] = elf_section_letter(&image->sections[i]);
	return elf_find_strings(symbols, table);
}

static struct error *elf_read_symbols(const struct elf_symbols *symbols, struct symtab *symtab)
{
	const char *file = NULL;

	/* 0 is the null symbol */
	for (size_t i = 1; i < symbols->count; i++) {
		unsigned int type;
		uint32_t section;
		const char *name;
		Elf64_Sym symbol;

		memcpy(&symbol, symbols->data + i * sizeof(symbol), sizeof(symbol));
		if (symbol.st_name >= symbols->strings_size)
			return error_create(EXIT_ERROR,
					    "%s: is damaged: the name of symbol %zu is "
					    "not in the file",
					    symbols->path, i);
		name = symbols->strings + symbol.st_name;
		type = ELF64_ST_TYPE(symbol.st_info);
		section = symbol.st_shndx < SHN_LORESERVE ? symbol.st_shndx : 0;
		if (symbol.st_shndx == SHN_XINDEX && symbols->shndx)
			memcpy(&section, symbols->shndx + i * sizeof(section), sizeof(section));
		if (section >= symbols->image->section_count)
			return error_create(EXIT_ERROR,
					    "%s: is damaged: symbol %zu (%s) is in a "
					    "section that does not exist",
					    symbols->path, i, name);
		if (type == STT_FILE)
			file = *name ? name : NULL;
		if (type == STT_FILE || type == STT_SECTION || symbol.st_shndx == SHN_UNDEF ||
		    !*name)
			continue;
		symtab_add(symtab,
			   &(struct symtab_entry){
				   .name = name,
				   .file = ELF64_ST_BIND(symbol.st_info) == STB_LOCAL ? file : NULL,
				   .address = symbol.st_value,
				   .size = symbol.st_size,
				   .section = section,
				   .type = elf_symbol_letter(symbols, &symbol, section),
			   });
	}
	return NULL;
}

/* What the module loader frees after init (module_init_section(), kernel/module/main.c). */
static struct error *elf_find_init_sections(const struct image *image, struct symtab *symtab)
{
	symtab->init_sections = calloc(image->section_count, sizeof(*symtab->init_sections));
	if (!symtab->init_sections)
		return error_nomem();
	symtab->section_count = image->section_count;
	for (size_t i = 1; i < image->section_count; i++)
		symtab->init_sections[i] = !strncmp(image_section_name(image, i), ".init", 5);
	return NULL;
}

struct error *symtab_read_elf(const struct image *image, const char *path, struct symtab **ret)
{
	struct elf_symbols symbols = {.image = image, .path = path};
	struct symtab *symtab = NULL;
	struct error *err;

	err = elf_find_symbols(&symbols);
	if (!err)
		err = symtab_create(path, symbols.count, symbols.strings, image->module, &symtab);
	if (!err)
		err = elf_read_symbols(&symbols, symtab);
	if (!err && image->module)
		err = elf_find_init_sections(image, symtab);
	if (!err)
		err = symtab_finish(symtab, image->module ? SYMTAB_AS_ADDED : SYMTAB_KERNEL);
	free(symbols.letters);
	if (err) {
		symtab_destroy(symtab);
		return err;
	}
	*ret = symtab;
	return NULL;
}
