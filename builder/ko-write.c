// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections to a module file: the header, the sections in their order, the section headers. */
#include <klpkit/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ko-write.h"

static size_t align_up(size_t offset, size_t align)
{
	return align > 1 ? (offset + align - 1) & ~(align - 1) : offset;
}

static struct error *make_names(struct ko_out_section *sections, size_t count, char **names_ret,
				size_t *size_ret)
{
	FILE *names = open_memstream(names_ret, size_ret);

	if (!names)
		return error_nomem();
	fputc('\0', names);
	for (size_t i = 1; i < count; i++) {
		sections[i].header.sh_name = ftell(names);
		fwrite(sections[i].name, 1, strlen(sections[i].name) + 1, names);
	}
	return fclose(names) ? error_nomem() : NULL;
}

/* Gives each section its place; returns where the section headers go. */
static size_t lay_out(struct ko_out_section *sections, size_t count)
{
	size_t offset = sizeof(Elf64_Ehdr);

	for (size_t i = 1; i < count; i++) {
		Elf64_Shdr *header = &sections[i].header;

		offset = align_up(offset, header->sh_addralign);
		header->sh_offset = offset;
		if (header->sh_type != SHT_NOBITS)
			offset += header->sh_size;
	}
	return align_up(offset, 8);
}

static void fill(char *file, const Elf64_Ehdr *header, const struct ko_out_section *sections,
		 size_t count)
{
	memcpy(file, header, sizeof(*header));
	for (size_t i = 0; i < count; i++) {
		const Elf64_Shdr *section = &sections[i].header;

		if (section->sh_type != SHT_NOBITS && section->sh_size)
			memcpy(file + section->sh_offset, sections[i].data, section->sh_size);
		memcpy(file + header->e_shoff + i * sizeof(*section), section, sizeof(*section));
	}
}

struct error *ko_write(const char *path, const Elf64_Ehdr *header, struct ko_out_section *sections,
		       size_t count, size_t shstrtab)
{
	Elf64_Ehdr out = *header;
	char *names = NULL, *file;
	struct error *err;
	size_t size = 0;

	err = make_names(sections, count, &names, &size);
	if (err) {
		free(names);
		return err;
	}
	sections[shstrtab].data = names;
	sections[shstrtab].header.sh_size = size;
	out.e_shnum = count;
	out.e_shstrndx = shstrtab;
	out.e_shoff = lay_out(sections, count);
	size = out.e_shoff + count * sizeof(Elf64_Shdr);
	file = calloc(1, size);
	if (file) {
		fill(file, &out, sections, count);
		err = file_write(path, file, size, 0644);
	} else {
		err = error_nomem();
	}
	free(file);
	free(names);
	return err;
}
