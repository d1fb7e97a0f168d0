// SPDX-License-Identifier: GPL-2.0-or-later
/* An ELF relocatable object under construction, and its bytes. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit-elf.h"

struct error *elf_writer_create(struct elf_writer **ret)
{
	struct elf_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return error_nomem();
	if (!array_add(&writer->sections) || !array_add(&writer->symbols)) {
		elf_writer_destroy(writer);
		return error_nomem();
	}
	*ret = writer;
	return NULL;
}

void elf_writer_destroy(struct elf_writer *writer)
{
	size_t i;

	if (!writer)
		return;
	for (i = 0; i < writer->sections.count; i++) {
		free(writer->sections.items[i].name);
		free(writer->sections.items[i].data);
		free(writer->sections.items[i].relocs.items);
	}
	for (i = 0; i < writer->symbols.count; i++)
		free(writer->symbols.items[i].name);
	free(writer->sections.items);
	free(writer->symbols.items);
	free(writer);
}

uint32_t elf_writer_symbol(struct elf_writer *writer, const char *name, uint32_t section,
			   uint64_t value, uint64_t size, uint8_t bind, uint8_t type)
{
	struct elf_symbol *symbol = array_add(&writer->symbols);

	if (!symbol)
		return 0;
	if (name) {
		symbol->name = strdup(name);
		if (!symbol->name) {
			writer->symbols.count--;
			return 0;
		}
	}
	symbol->section = section;
	symbol->value = value;
	symbol->size = size;
	symbol->bind = bind;
	symbol->type = type;
	return (uint32_t)(writer->symbols.count - 1);
}

uint32_t elf_writer_section(struct elf_writer *writer, const char *name, uint32_t type,
			    uint64_t flags, uint64_t align, uint64_t entsize)
{
	struct elf_section *section = array_add(&writer->sections);
	uint32_t number = (uint32_t)(writer->sections.count - 1), symbol;

	if (!section)
		return 0;
	section->name = strdup(name);
	if (!section->name) {
		writer->sections.count--;
		return 0;
	}
	section->type = type;
	section->flags = flags;
	section->align = align ? align : 1;
	section->entsize = entsize;
	symbol = elf_writer_symbol(writer, NULL, number, 0, 0, STB_LOCAL, STT_SECTION);
	if (!symbol)
		return 0;
	writer->sections.items[number].symbol = symbol;
	return number;
}

uint32_t elf_writer_shared(struct elf_writer *writer, const char *name, uint32_t type,
			   uint64_t flags, uint64_t align, uint64_t entsize)
{
	uint32_t i;

	for (i = 1; i < writer->sections.count; i++) {
		struct elf_section *section = &writer->sections.items[i];

		if (!strcmp(section->name, name) && section->flags == flags &&
		    section->type == type && section->entsize == entsize) {
			if (align > section->align)
				section->align = align;
			return i;
		}
	}
	return elf_writer_section(writer, name, type, flags, align, entsize);
}

static bool section_reserve(struct elf_section *section, uint64_t size)
{
	uint8_t *more;

	if (size <= section->room)
		return true;
	more = realloc(section->data, size * 2);
	if (!more)
		return false;
	section->data = more;
	section->room = size * 2;
	return true;
}

uint64_t elf_writer_append(struct elf_writer *writer, uint32_t number, const void *data,
			   uint64_t size, uint64_t align, uint8_t fill)
{
	struct elf_section *section = &writer->sections.items[number];
	uint64_t start = align > 1 ? (section->size + align - 1) & ~(align - 1) : section->size;

	if (align > section->align)
		section->align = align;
	if (section->type != SHT_NOBITS) {
		if (!section_reserve(section, start + size + 1))
			return UINT64_MAX;
		memset(section->data + section->size, fill, start - section->size);
		if (data)
			memcpy(section->data + start, data, size);
		else
			memset(section->data + start, 0, size);
	}
	section->size = start + size;
	return start;
}

bool elf_writer_reloc(struct elf_writer *writer, uint32_t section, uint64_t offset, uint32_t type,
		      uint32_t symbol, int64_t addend)
{
	struct elf_reloc *reloc = array_add(&writer->sections.items[section].relocs);

	if (!reloc)
		return false;
	*reloc = (struct elf_reloc){ offset, addend, type, symbol };
	return true;
}

/* The file being put together. */
struct image_buffer {
	uint8_t *data;
	size_t size, room;
};

static bool buffer_put(struct image_buffer *buffer, const void *data, size_t size, size_t align)
{
	size_t start = align > 1 ? (buffer->size + align - 1) & ~(align - 1) : buffer->size;

	if (start + size > buffer->room) {
		size_t room = (start + size) * 2;
		uint8_t *more = realloc(buffer->data, room);

		if (!more)
			return false;
		buffer->data = more;
		buffer->room = room;
	}
	memset(buffer->data + buffer->size, 0, start - buffer->size);
	memcpy(buffer->data + start, data, size);
	buffer->size = start + size;
	return true;
}

/* Local symbols come first; order[i] is the writer's number of the file's symbol i. */
static size_t symbols_order(const struct elf_writer *writer, uint32_t *order, uint32_t *number)
{
	size_t count = 0, locals, i;

	for (i = 0; i < writer->symbols.count; i++)
		if (!i || writer->symbols.items[i].bind == STB_LOCAL)
			order[count++] = (uint32_t)i;
	locals = count;
	for (i = 1; i < writer->symbols.count; i++)
		if (writer->symbols.items[i].bind != STB_LOCAL)
			order[count++] = (uint32_t)i;
	for (i = 0; i < count; i++)
		number[order[i]] = (uint32_t)i;
	return locals;
}

struct finish {
	const struct elf_writer *writer;
	uint32_t *order, *number;
	Elf64_Shdr *shdrs;
	size_t shdr_count, locals;
	struct image_buffer file, names, strings;
};

static bool finish_name(struct finish *finish, Elf64_Shdr *shdr, const char *prefix,
			const char *name)
{
	shdr->sh_name = (uint32_t)finish->names.size;
	return buffer_put(&finish->names, prefix, strlen(prefix), 1) &&
	       buffer_put(&finish->names, name, strlen(name) + 1, 1);
}

static bool finish_contents(struct finish *finish)
{
	const struct elf_writer *writer = finish->writer;
	size_t i;

	for (i = 1; i < writer->sections.count; i++) {
		const struct elf_section *section = &writer->sections.items[i];
		Elf64_Shdr *shdr = &finish->shdrs[i];

		if (!finish_name(finish, shdr, "", section->name))
			return false;
		shdr->sh_type = section->type;
		shdr->sh_flags = section->flags;
		shdr->sh_addralign = section->align;
		shdr->sh_entsize = section->entsize;
		shdr->sh_link = section->link;
		shdr->sh_size = section->size;
		if (section->type != SHT_NOBITS && section->size &&
		    !buffer_put(&finish->file, section->data, section->size, section->align))
			return false;
		shdr->sh_offset = finish->file.size -
				  (section->type == SHT_NOBITS ? 0 : section->size);
	}
	return true;
}

static int reloc_order(const void *left, const void *right)
{
	const struct elf_reloc *a = left, *b = right;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static bool finish_relocs(struct finish *finish, size_t symtab)
{
	const struct elf_writer *writer = finish->writer;
	size_t i, j, next = writer->sections.count;

	for (i = 1; i < writer->sections.count; i++) {
		const struct elf_section *section = &writer->sections.items[i];
		Elf64_Shdr *shdr = &finish->shdrs[next];

		if (!section->relocs.count)
			continue;
		qsort(section->relocs.items, section->relocs.count, sizeof(struct elf_reloc),
		      reloc_order);
		if (!finish_name(finish, shdr, ".rela", section->name) ||
		    !buffer_put(&finish->file, "", 0, 8))
			return false;
		shdr->sh_type = SHT_RELA;
		shdr->sh_flags = SHF_INFO_LINK;
		shdr->sh_addralign = 8;
		shdr->sh_entsize = sizeof(Elf64_Rela);
		shdr->sh_link = (uint32_t)symtab;
		shdr->sh_info = (uint32_t)i;
		shdr->sh_offset = finish->file.size;
		shdr->sh_size = section->relocs.count * sizeof(Elf64_Rela);
		for (j = 0; j < section->relocs.count; j++) {
			const struct elf_reloc *reloc = &section->relocs.items[j];
			Elf64_Rela rela = {
				.r_offset = reloc->offset,
				.r_info = ELF64_R_INFO((uint64_t)finish->number[reloc->symbol],
						       reloc->type),
				.r_addend = reloc->addend,
			};

			if (!buffer_put(&finish->file, &rela, sizeof(rela), 1))
				return false;
		}
		next++;
	}
	return true;
}

static bool finish_symtab(struct finish *finish, size_t symtab)
{
	const struct elf_writer *writer = finish->writer;
	Elf64_Shdr *shdr = &finish->shdrs[symtab];
	size_t i;

	if (!finish_name(finish, shdr, "", ".symtab") || !buffer_put(&finish->file, "", 0, 8) ||
	    !buffer_put(&finish->strings, "", 1, 1))
		return false;
	shdr->sh_type = SHT_SYMTAB;
	shdr->sh_addralign = 8;
	shdr->sh_entsize = sizeof(Elf64_Sym);
	shdr->sh_link = (uint32_t)symtab + 1;
	shdr->sh_info = (uint32_t)finish->locals;
	shdr->sh_offset = finish->file.size;
	shdr->sh_size = writer->symbols.count * sizeof(Elf64_Sym);
	for (i = 0; i < writer->symbols.count; i++) {
		const struct elf_symbol *symbol = &writer->symbols.items[finish->order[i]];
		Elf64_Sym sym = {
			.st_info = ELF64_ST_INFO(symbol->bind, symbol->type),
			.st_shndx = (uint16_t)symbol->section,
			.st_value = symbol->value,
			.st_size = symbol->size,
		};

		if (symbol->name) {
			sym.st_name = (uint32_t)finish->strings.size;
			if (!buffer_put(&finish->strings, symbol->name, strlen(symbol->name) + 1,
					1))
				return false;
		}
		if (!buffer_put(&finish->file, &sym, sizeof(sym), 1))
			return false;
	}
	return true;
}

static bool finish_strings(struct finish *finish, size_t index, const char *name,
			   const struct image_buffer *strings)
{
	Elf64_Shdr *shdr = &finish->shdrs[index];

	if (!finish_name(finish, shdr, "", name))
		return false;
	shdr->sh_type = SHT_STRTAB;
	shdr->sh_addralign = 1;
	shdr->sh_offset = finish->file.size;
	shdr->sh_size = strings->size;
	return buffer_put(&finish->file, strings->data, strings->size, 1);
}

static bool finish_file(struct finish *finish)
{
	Elf64_Ehdr ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_REL,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = (uint16_t)finish->shdr_count,
		.e_shstrndx = (uint16_t)(finish->shdr_count - 1),
	};
	size_t symtab = finish->shdr_count - 3;

	if (!buffer_put(&finish->file, &ehdr, sizeof(ehdr), 1) ||
	    !buffer_put(&finish->names, "", 1, 1) || !finish_contents(finish) ||
	    !finish_relocs(finish, symtab) || !finish_symtab(finish, symtab) ||
	    !finish_strings(finish, symtab + 1, ".strtab", &finish->strings) ||
	    !finish_strings(finish, symtab + 2, ".shstrtab", &finish->names) ||
	    !buffer_put(&finish->file, "", 0, 8))
		return false;
	ehdr.e_shoff = finish->file.size;
	memcpy(finish->file.data, &ehdr, sizeof(ehdr));
	return buffer_put(&finish->file, finish->shdrs,
			  finish->shdr_count * sizeof(*finish->shdrs), 1);
}

struct error *elf_writer_finish(const struct elf_writer *writer, void **data_ret, size_t *size_ret)
{
	struct finish finish = { .writer = writer };
	struct error *err = NULL;
	size_t i;

	finish.shdr_count = writer->sections.count + 3;
	for (i = 1; i < writer->sections.count; i++)
		finish.shdr_count += writer->sections.items[i].relocs.count != 0;
	if (finish.shdr_count >= SHN_LORESERVE)
		return error_create(EXIT_ERROR,
				    "the patch would have %zu sections, more than an object can have",
				    finish.shdr_count);
	finish.order = calloc(writer->symbols.count, sizeof(*finish.order));
	finish.number = calloc(writer->symbols.count, sizeof(*finish.number));
	finish.shdrs = calloc(finish.shdr_count, sizeof(*finish.shdrs));
	if (finish.order && finish.number && finish.shdrs) {
		finish.locals = symbols_order(writer, finish.order, finish.number);
		if (!finish_file(&finish))
			err = error_nomem();
	} else {
		err = error_nomem();
	}
	if (!err) {
		*data_ret = finish.file.data;
		*size_ret = finish.file.size;
		finish.file.data = NULL;
	}
	free(finish.order);
	free(finish.number);
	free(finish.shdrs);
	free(finish.file.data);
	free(finish.names.data);
	free(finish.strings.data);
	return err;
}
