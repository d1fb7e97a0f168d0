// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads a relocatable object.
 * In: the path of an x86-64 ELF object. Out: struct object, checked.
 */
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include <klpkit/file.h>

#include "read-object.h"

unsigned int reloc_width(uint32_t type)
{
	switch (type) {
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
	case R_X86_64_32:
	case R_X86_64_32S:
		return 4;
	case R_X86_64_PC8:
		return 1;
	default:
		return 0;
	}
}

bool reloc_is_pc_relative(uint32_t type)
{
	return type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64 ||
	       type == R_X86_64_PC8;
}

/* .discard.* is not loaded, but objtool reads it. */
static bool section_is_wanted(const struct section *section)
{
	return (section->flags & SHF_ALLOC) || !strncmp(section->name, ".discard.", 9);
}

static struct error *object_read_header(struct object *object)
{
	Elf *elf = object->elf;
	GElf_Ehdr ehdr;

	if (elf_kind(elf) != ELF_K_ELF || gelf_getclass(elf) != ELFCLASS64 ||
	    !gelf_getehdr(elf, &ehdr))
		return error_create(EXIT_ERROR, "%s is not a 64-bit ELF object, or is truncated",
				    object->path);
	if (ehdr.e_machine != EM_X86_64 || object->data[EI_DATA] != ELFDATA2LSB)
		return error_create(EXIT_ERROR,
				    "%s is for another architecture (machine %u); only x86-64 is supported",
				    object->path, ehdr.e_machine);
	if (ehdr.e_type != ET_REL)
		return error_create(EXIT_ERROR,
				    "%s is not a relocatable object (ELF type %u); give the .o file",
				    object->path, ehdr.e_type);
	return NULL;
}

static struct error *object_read_section(struct object *object, size_t index, size_t strndx)
{
	struct section *section = &object->sections[index];
	Elf_Scn *scn = elf_getscn(object->elf, index);
	Elf_Data *data;
	GElf_Shdr shdr;

	if (!scn || !gelf_getshdr(scn, &shdr))
		return error_libelf("%s: cannot read section %zu", object->path, index);
	section->name = elf_strptr(object->elf, strndx, shdr.sh_name);
	if (!section->name)
		return error_libelf("%s: section %zu has no valid name", object->path, index);
	section->type = shdr.sh_type;
	section->flags = shdr.sh_flags;
	section->size = shdr.sh_size;
	section->align = shdr.sh_addralign;
	section->entsize = shdr.sh_entsize;
	section->link = shdr.sh_link;
	section->info = shdr.sh_info;
	/* only debug information is ever compressed, only variables have no contents */
	if (((shdr.sh_flags & SHF_COMPRESSED) && (shdr.sh_flags & SHF_ALLOC)) ||
	    (shdr.sh_type == SHT_NOBITS && shdr.sh_size &&
	     (shdr.sh_flags & (SHF_EXECINSTR | SHF_MERGE) || shdr.sh_size > UINT32_MAX)))
		return error_create(EXIT_ERROR, "%s is corrupt: section %s has no contents",
				    object->path, section->name);
	if ((shdr.sh_flags & SHF_COMPRESSED) || shdr.sh_type == SHT_NOBITS || !shdr.sh_size)
		return NULL;
	if (shdr.sh_offset > object->size || shdr.sh_size > object->size - shdr.sh_offset)
		return error_create(EXIT_ERROR, "%s is truncated: section %s ends beyond the file",
				    object->path, section->name);
	data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || data->d_size != shdr.sh_size)
		return error_libelf("%s: cannot read section %s", object->path, section->name);
	section->data = data->d_buf;
	return NULL;
}

static struct error *object_read_sections(struct object *object)
{
	size_t strndx, i;

	if (elf_getshdrnum(object->elf, &object->section_count) < 0 ||
	    elf_getshdrstrndx(object->elf, &strndx) < 0)
		return error_libelf("%s: cannot read the section table", object->path);
	if (object->section_count < 2)
		return error_create(EXIT_ERROR, "%s is truncated: it has no sections", object->path);
	object->sections = calloc(object->section_count, sizeof(*object->sections));
	if (!object->sections)
		return error_nomem();
	object->sections[0].name = "";
	for (i = 1; i < object->section_count; i++) {
		struct error *err = object_read_section(object, i, strndx);

		if (err)
			return err;
	}
	return NULL;
}

/* The table of section indices that do not fit in 16 bits; NULL when there is none. */
static const struct section *object_find_shndx(const struct object *object, size_t symtab)
{
	size_t i;

	for (i = 1; i < object->section_count; i++) {
		const struct section *section = &object->sections[i];

		if (section->type == SHT_SYMTAB_SHNDX && section->link == symtab)
			return section;
	}
	return NULL;
}

static struct error *object_symbol_section(const struct object *object, const Elf64_Sym *sym,
					   const struct section *shndx, size_t index,
					   uint32_t *ret)
{
	uint32_t section = sym->st_shndx;

	if (section == SHN_ABS) {
		*ret = SYMBOL_ABS;
		return NULL;
	}
	if (section == SHN_COMMON) {
		*ret = SYMBOL_COMMON;
		return NULL;
	}
	if (section == SHN_XINDEX && shndx && shndx->data && (index + 1) * 4 <= shndx->size)
		memcpy(&section, shndx->data + index * 4, 4);
	if (section >= object->section_count)
		return error_create(EXIT_ERROR, "%s is corrupt: symbol %zu is in section %u of %zu",
				    object->path, index, section, object->section_count);
	*ret = section;
	return NULL;
}

static struct error *object_read_symbols(struct object *object)
{
	const struct section *symtab = NULL, *shndx, *strtab;
	size_t i;

	for (i = 1; i < object->section_count; i++)
		if (object->sections[i].type == SHT_SYMTAB && !symtab)
			symtab = &object->sections[i];
	if (!symtab || !symtab->data || symtab->link >= object->section_count)
		return error_create(EXIT_ERROR, "%s has no symbol table; was it stripped?",
				    object->path);
	strtab = &object->sections[symtab->link];
	if (strtab->type != SHT_STRTAB || !strtab->data || strtab->data[strtab->size - 1])
		return error_create(EXIT_ERROR, "%s is corrupt: the symbol table has no names",
				    object->path);
	shndx = object_find_shndx(object, (size_t)(symtab - object->sections));
	object->symbol_count = symtab->size / sizeof(Elf64_Sym);
	object->symbols = calloc(object->symbol_count + 1, sizeof(*object->symbols));
	if (!object->symbols)
		return error_nomem();
	for (i = 0; i < object->symbol_count; i++) {
		struct symbol *symbol = &object->symbols[i];
		struct error *err;
		Elf64_Sym sym;

		memcpy(&sym, symtab->data + i * sizeof(sym), sizeof(sym));
		if (sym.st_name >= strtab->size)
			return error_create(EXIT_ERROR, "%s is corrupt: symbol %zu has no name",
					    object->path, i);
		symbol->name = (const char *)strtab->data + sym.st_name;
		symbol->value = sym.st_value;
		symbol->size = sym.st_size;
		symbol->bind = ELF64_ST_BIND(sym.st_info);
		symbol->type = ELF64_ST_TYPE(sym.st_info);
		err = object_symbol_section(object, &sym, shndx, i, &symbol->section);
		if (err)
			return err;
		if (symbol_is_defined(object, symbol)) {
			uint64_t limit = object->sections[symbol->section].size;

			if (symbol->value > limit || symbol->size > limit - symbol->value)
				return error_create(EXIT_ERROR,
						    "%s is corrupt: symbol %s lies outside of %s",
						    object->path, symbol->name,
						    object->sections[symbol->section].name);
		}
	}
	return NULL;
}

static int reloc_compare(const void *left, const void *right)
{
	const struct reloc *a = left, *b = right;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

static struct error *object_read_rela(struct object *object, const struct section *rela)
{
	struct section *target = &object->sections[rela->info];
	size_t i, count = rela->size / sizeof(Elf64_Rela);
	bool sorted = true;

	if (target->relocs)
		return error_create(EXIT_ERROR, "%s is corrupt: %s has two relocation sections",
				    object->path, target->name);
	target->relocs = calloc(count + 1, sizeof(*target->relocs));
	if (!target->relocs)
		return error_nomem();
	target->reloc_count = (uint32_t)count;
	for (i = 0; i < count; i++) {
		struct reloc *reloc = &target->relocs[i];
		unsigned int width;
		Elf64_Rela entry;

		memcpy(&entry, rela->data + i * sizeof(entry), sizeof(entry));
		reloc->offset = entry.r_offset;
		reloc->addend = entry.r_addend;
		reloc->type = ELF64_R_TYPE(entry.r_info);
		reloc->symbol = (uint32_t)ELF64_R_SYM(entry.r_info);
		width = reloc_width(reloc->type);
		if (!width && reloc->type != R_X86_64_NONE)
			return error_create(EXIT_ERROR,
					    "%s: relocation type %u at %s+0x%llx is not supported",
					    object->path, reloc->type, target->name,
					    (unsigned long long)reloc->offset);
		if (reloc->symbol >= object->symbol_count || reloc->offset > target->size ||
		    width > target->size - reloc->offset)
			return error_create(EXIT_ERROR,
					    "%s is corrupt: relocation %zu of %s is out of range",
					    object->path, i, target->name);
		if (i && reloc->offset < reloc[-1].offset)
			sorted = false;
	}
	if (!sorted)
		qsort(target->relocs, count, sizeof(*target->relocs), reloc_compare);
	return NULL;
}

static struct error *object_read_relas(struct object *object)
{
	size_t i;

	for (i = 1; i < object->section_count; i++) {
		const struct section *section = &object->sections[i];
		struct error *err;

		if (section->type == SHT_REL)
			return error_create(EXIT_ERROR,
					    "%s: %s has no addends; x86-64 objects use SHT_RELA",
					    object->path, section->name);
		if (section->type != SHT_RELA || !section->data)
			continue;
		if (!section->info || section->info >= object->section_count)
			return error_create(EXIT_ERROR, "%s is corrupt: %s applies to no section",
					    object->path, section->name);
		if (!section_is_wanted(&object->sections[section->info]))
			continue;
		err = object_read_rela(object, section);
		if (err)
			return err;
	}
	return NULL;
}

struct error *object_read(const char *path, struct object **ret)
{
	struct object *object = calloc(1, sizeof(*object));
	struct error *err;

	if (!object)
		return error_nomem();
	elf_version(EV_CURRENT);
	object->path = strdup(path);
	if (!object->path) {
		err = error_nomem();
		goto fail;
	}
	err = file_map(path, &object->data, &object->size);
	if (!err && (object->size < EI_NIDENT || memcmp(object->data, ELFMAG, SELFMAG)))
		err = error_create(EXIT_ERROR, "%s is not an ELF object; give a compiled .o file",
				   path);
	if (err)
		goto fail;
	object->elf = elf_memory(object->data, object->size);
	if (!object->elf) {
		err = error_libelf("%s cannot be read as an ELF object", path);
		goto fail;
	}
	err = object_read_header(object);
	if (!err)
		err = object_read_sections(object);
	if (!err)
		err = object_read_symbols(object);
	if (!err)
		err = object_read_relas(object);
	if (err)
		goto fail;
	*ret = object;
	return NULL;
fail:
	object_destroy(object);
	return err;
}

void object_destroy(struct object *object)
{
	size_t i;

	if (!object)
		return;
	for (i = 0; object->sections && i < object->section_count; i++)
		free(object->sections[i].relocs);
	if (object->elf)
		elf_end(object->elf);
	free(object->sections);
	free(object->symbols);
	file_unmap(object->data, object->size);
	free(object->path);
	free(object);
}
