/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs made in memory: ELF files of given sections, and paths that lead to them. */
#ifndef DIFFER_TESTS_SYNTH_H
#define DIFFER_TESTS_SYNTH_H

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <klpkit/error.h>

#define synth_unused __attribute__((unused))

struct synth {
	char *data;
	size_t size, room;
};

static void synth_put(struct synth *out, const void *data, size_t size)
{
	if (size > out->room - out->size) {
		out->room = (out->size + size) * 2;
		out->data = realloc(out->data, out->room);
		if (!out->data)
			abort();
	}
	if (size && data)
		memcpy(out->data + out->size, data, size);
	else if (size)
		memset(out->data + out->size, 0, size);
	out->size += size;
}

synth_unused static void synth_text(struct synth *out, const char *text)
{
	synth_put(out, text, strlen(text) + 1);
}

synth_unused static void synth_u32(struct synth *out, uint32_t value)
{
	synth_put(out, &value, sizeof(value));
}

static void synth_align(struct synth *out, size_t align)
{
	synth_put(out, NULL, -out->size & (align - 1));
}

synth_unused static void synth_reset(struct synth *out)
{
	free(out->data);
	*out = (struct synth){NULL, 0, 0};
}

struct synth_section {
	const char *name;
	uint32_t type;
	uint64_t flags, addr;
	const void *data;
	uint64_t size;
	uint32_t link, info;
	uint64_t entsize;
};

/* The sections are numbered from 1; their names become the last one. */
synth_unused static void synth_elf(struct synth *out, uint16_t type,
				   const struct synth_section *sections, size_t count)
{
	Elf64_Ehdr header = {
		.e_ident = ELFMAG,
		.e_type = type,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(header),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = (uint16_t)(count + 2),
		.e_shstrndx = (uint16_t)(count + 1),
	};
	Elf64_Shdr *table = calloc(count + 2, sizeof(*table));
	struct synth names = {NULL, 0, 0};

	if (!table)
		abort();
	synth_reset(out);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	header.e_ident[EI_VERSION] = EV_CURRENT;
	synth_put(out, &header, sizeof(header));
	synth_text(&names, "");
	for (size_t i = 0; i < count; i++) {
		synth_align(out, 8);
		table[i + 1] = (Elf64_Shdr){
			.sh_name = (uint32_t)names.size,
			.sh_type = sections[i].type,
			.sh_flags = sections[i].flags,
			.sh_addr = sections[i].addr,
			.sh_offset = out->size,
			.sh_size = sections[i].size,
			.sh_link = sections[i].link,
			.sh_info = sections[i].info,
			.sh_addralign = 4,
			.sh_entsize = sections[i].entsize,
		};
		synth_text(&names, sections[i].name);
		if (sections[i].type != SHT_NOBITS)
			synth_put(out, sections[i].data, sections[i].size);
	}
	table[count + 1] = (Elf64_Shdr){
		.sh_name = (uint32_t)names.size,
		.sh_type = SHT_STRTAB,
		.sh_offset = out->size,
		.sh_size = names.size + sizeof(".shstrtab"),
	};
	synth_text(&names, ".shstrtab");
	synth_put(out, names.data, names.size);
	synth_align(out, 8);
	header.e_shoff = out->size;
	memcpy(out->data, &header, sizeof(header));
	synth_put(out, table, (count + 2) * sizeof(*table));
	synth_reset(&names);
	free(table);
}

struct synth_symbol {
	const char *name;
	unsigned int bind, type;
	uint16_t section;
	uint64_t value, size;
};

/* The contents of .symtab, with its null symbol, and of its .strtab. */
synth_unused static void synth_symbols(struct synth *symtab, struct synth *strtab,
				       const struct synth_symbol *symbols, size_t count)
{
	Elf64_Sym symbol = {.st_name = 0};

	synth_put(symtab, &symbol, sizeof(symbol));
	synth_text(strtab, "");
	for (size_t i = 0; i < count; i++) {
		symbol = (Elf64_Sym){
			.st_name = *symbols[i].name ? (uint32_t)strtab->size : 0,
			.st_info = ELF64_ST_INFO(symbols[i].bind, symbols[i].type),
			.st_shndx = symbols[i].section,
			.st_value = symbols[i].value,
			.st_size = symbols[i].size,
		};
		if (*symbols[i].name)
			synth_text(strtab, symbols[i].name);
		synth_put(symtab, &symbol, sizeof(symbol));
	}
}

/* A path to a file in memory with this contents, valid until the next call. */
synth_unused static const char *synth_path(const void *data, size_t size)
{
	static char path[64];
	static int fd = -1;

	if (fd >= 0)
		close(fd);
	fd = memfd_create("synth", 0);
	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

/*
 * An error as it should be: for main's exit code 1, in one line, naming the file, and with these
 * words in it. Destroys it.
 */
synth_unused static int synth_is_error(struct error *err, const char *words)
{
	int good = err && err->exit == EXIT_ERROR && strstr(err->message, words) &&
		   strstr(err->message, "/proc/self/fd/") && !strchr(err->message, '\n');

	if (!good)
		printf("#   got '%s', want '%s'\n", err ? err->message : "(success)", words);
	error_destroy(err);
	return good;
}

#endif
