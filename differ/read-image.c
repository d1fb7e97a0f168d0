// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a file of any of the forms in image.h. Out: the ELF file in it, with checked headers.
 *
 * Everything that the accessors rely on is checked here, once.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "read-compressed.h"
#include "read-image.h"
#include "read-image-file.h"

/* A compressed vmlinuz is two wrappers deep (gzip around a bzImage around the kernel). */
#define IMAGE_MAX_LAYERS 3

#define BANNER_START "Linux version "
#define BANNER_MAX   1024

static bool image_is_elf(const char *data, size_t size)
{
	return size >= SELFMAG && !memcmp(data, ELFMAG, SELFMAG);
}

bool image_is_binary(const char *data, size_t size)
{
	return image_is_elf(data, size) || compressed_is_wrapper(data, size);
}

static struct error *image_check_header(const char *path, const Elf64_Ehdr *header, size_t size)
{
	if (header->e_ident[EI_CLASS] != ELFCLASS64)
		return error_create(EXIT_ERROR,
				    "%s: is not a 64-bit ELF file; only x86-64 kernels "
				    "and modules can be patched",
				    path);
	if (header->e_ident[EI_DATA] != ELFDATA2LSB)
		return error_create(EXIT_ERROR,
				    "%s: is not a little-endian ELF file; only x86-64 "
				    "kernels and modules can be patched",
				    path);
	if (header->e_machine != EM_X86_64)
		return error_create(EXIT_ERROR, "%s: is built for ELF machine %u, not for x86-64",
				    path, header->e_machine);
	if (header->e_type != ET_REL && header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return error_create(EXIT_ERROR,
				    "%s: is an ELF file of type %u, neither a kernel "
				    "nor a module",
				    path, header->e_type);
	if (!header->e_shoff)
		return error_create(EXIT_ERROR,
				    "%s: has no section headers; use the file as its "
				    "package ships it",
				    path);
	if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff > size ||
	    size - header->e_shoff < sizeof(Elf64_Shdr))
		return error_create(EXIT_ERROR,
				    "%s: is truncated or damaged: its section headers "
				    "are not in the file",
				    path);
	return NULL;
}

static struct error *image_check_sections(const char *path, struct image *image, uint32_t names)
{
	const Elf64_Shdr *section;

	for (size_t i = 1; i < image->section_count; i++) {
		section = &image->sections[i];
		if (section->sh_type == SHT_NOBITS || section->sh_type == SHT_NULL)
			continue;
		if (section->sh_offset > image->size ||
		    section->sh_size > image->size - section->sh_offset)
			return error_create(EXIT_ERROR,
					    "%s: is truncated or damaged: section %zu "
					    "ends beyond the file",
					    path, i);
	}
	if (!names || names >= image->section_count ||
	    image->sections[names].sh_type != SHT_STRTAB || !image->sections[names].sh_size)
		return error_create(EXIT_ERROR, "%s: is damaged: it has no section names", path);
	image->names = image->data + image->sections[names].sh_offset;
	image->names_size = image->sections[names].sh_size;
	if (image->names[image->names_size - 1])
		return error_create(EXIT_ERROR,
				    "%s: is damaged: its section names are not "
				    "terminated",
				    path);
	for (size_t i = 0; i < image->section_count; i++)
		if (image->sections[i].sh_name >= image->names_size)
			return error_create(EXIT_ERROR,
					    "%s: is damaged: the name of section %zu "
					    "is not in the file",
					    path, i);
	return NULL;
}

static struct error *image_read_sections(const char *path, struct image *image)
{
	Elf64_Ehdr header;
	struct error *err;
	Elf64_Shdr first;
	uint32_t names;
	uint64_t count;

	if (!image_is_elf(image->data, image->size))
		return error_create(EXIT_ERROR, "%s: is not an ELF file", path);
	if (image->size < sizeof(header))
		return error_create(EXIT_ERROR, "%s: is truncated: its ELF header is cut", path);
	memcpy(&header, image->data, sizeof(header));
	err = image_check_header(path, &header, image->size);
	if (err)
		return err;
	/* Numbers that do not fit in the header are in the first section header (gABI). */
	memcpy(&first, image->data + header.e_shoff, sizeof(first));
	count = header.e_shnum ? header.e_shnum : first.sh_size;
	names = header.e_shstrndx == SHN_XINDEX ? first.sh_link : header.e_shstrndx;
	if (!count || count > (image->size - header.e_shoff) / sizeof(Elf64_Shdr))
		return error_create(EXIT_ERROR,
				    "%s: is truncated or damaged: its section headers "
				    "are not in the file",
				    path);
	image->module = header.e_type == ET_REL;
	image->section_count = count;
	image->sections = malloc(count * sizeof(Elf64_Shdr));
	if (!image->sections)
		return error_nomem();
	memcpy(image->sections, image->data + header.e_shoff, count * sizeof(Elf64_Shdr));
	return image_check_sections(path, image, names);
}

const char *image_section_name(const struct image *image, size_t index)
{
	return image->names + image->sections[index].sh_name;
}

const uint8_t *image_section_data(const struct image *image, size_t index)
{
	const Elf64_Shdr *section = &image->sections[index];

	if (section->sh_type == SHT_NULL || section->sh_type == SHT_NOBITS || !section->sh_size)
		return NULL;
	return (const uint8_t *)image->data + section->sh_offset;
}

static int image_compare_addr(const void *left, const void *right, void *arg)
{
	const Elf64_Shdr *sections = arg;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	if (sections[a].sh_addr != sections[b].sh_addr)
		return sections[a].sh_addr < sections[b].sh_addr ? -1 : 1;
	return a < b ? -1 : 1;
}

static struct error *image_sort_sections(struct image *image)
{
	if (image->module)
		return NULL;
	image->by_addr = malloc(image->section_count * sizeof(*image->by_addr));
	if (!image->by_addr)
		return error_nomem();
	for (size_t i = 1; i < image->section_count; i++)
		if (image->sections[i].sh_flags & SHF_ALLOC && image_section_data(image, i))
			image->by_addr[image->by_addr_count++] = (uint32_t)i;
	qsort_r(image->by_addr, image->by_addr_count, sizeof(*image->by_addr), image_compare_addr,
		image->sections);
	return NULL;
}

/* The build-id among the notes of one section; notes that make no sense end the search. */
static void image_scan_notes(struct image *image, const uint8_t *data, size_t size, size_t align)
{
	while (size >= sizeof(Elf64_Nhdr)) {
		size_t name_room, desc_room;
		Elf64_Nhdr note;

		memcpy(&note, data, sizeof(note));
		data += sizeof(note);
		size -= sizeof(note);
		name_room = ((size_t)note.n_namesz + align - 1) & ~(align - 1);
		if (name_room > size || note.n_descsz > size - name_room)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    !memcmp(data, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) && note.n_descsz) {
			image->build_id = data + name_room;
			image->build_id_size = note.n_descsz;
			return;
		}
		desc_room = ((size_t)note.n_descsz + align - 1) & ~(align - 1);
		if (desc_room > size - name_room)
			return;
		data += name_room + desc_room;
		size -= name_room + desc_room;
	}
}

static void image_find_build_id(struct image *image)
{
	for (size_t i = 1; i < image->section_count && !image->build_id; i++) {
		const uint8_t *data = image_section_data(image, i);

		if (data && image->sections[i].sh_type == SHT_NOTE)
			image_scan_notes(image, data, image->sections[i].sh_size,
					 image->sections[i].sh_addralign == 8 ? 8 : 4);
	}
}

/* "Linux version " also starts format strings; the banner goes on with the release's number. */
static struct error *image_find_banner(struct image *image)
{
	const char *at, *end, *stop;
	size_t size;

	at = image->module ? NULL : image_section(image, ".rodata", NULL, &size);
	if (!at)
		return NULL;
	for (end = at + size;
	     (at = memmem(at, (size_t)(end - at), BANNER_START, strlen(BANNER_START))); at++) {
		size_t room = (size_t)(end - at) < BANNER_MAX ? (size_t)(end - at) : BANNER_MAX;

		stop = memchr(at, '\0', room);
		if (!stop || at[strlen(BANNER_START)] < '0' || at[strlen(BANNER_START)] > '9')
			continue;
		image->banner = strndup(at, strcspn(at, "\n"));
		return image->banner ? NULL : error_nomem();
	}
	return NULL;
}

static struct error *image_read(const char *path, struct image *image)
{
	struct error *err = NULL;

	if (!image->size)
		err = error_create(EXIT_ERROR, "%s: is empty", path);
	if (!err)
		err = image_read_sections(path, image);
	if (!err)
		err = image_sort_sections(image);
	if (!err) {
		image_find_build_id(image);
		err = image_find_banner(image);
	}
	return err;
}

struct error *image_from_map(const char *path, const void *map, size_t map_size, const char *data,
			     size_t size, struct image **ret)
{
	struct image *image = calloc(1, sizeof(*image));
	struct error *err;

	if (!image) {
		munmap((void *)map, map_size);
		return error_nomem();
	}
	image->data = (char *)data;
	image->size = size;
	image->map = map;
	image->map_size = map_size;
	err = image_read(path, image);
	if (err)
		image_destroy(image);
	else
		*ret = image;
	return err;
}

struct error *image_from_data(const char *path, char *data, size_t size, struct image **ret)
{
	struct image *image = calloc(1, sizeof(*image));
	struct error *err = NULL;

	if (!image) {
		free(data);
		return error_nomem();
	}
	image->data = data;
	image->size = size;
	for (int i = 0; !err && i < IMAGE_MAX_LAYERS; i++) {
		if (!compressed_is_wrapper(image->data, image->size))
			break;
		err = compressed_unpack(path, image->data, image->size, &data, &size);
		if (!err) {
			free(image->data);
			image->data = data;
			image->size = size;
		}
	}
	if (!err)
		err = image_read(path, image);
	if (err) {
		image_destroy(image);
		return err;
	}
	*ret = image;
	return NULL;
}

struct error *image_open(const char *path, struct image **ret)
{
	struct error *err;
	size_t size;
	char *data;

	err = image_file_read(path, &data, &size);
	if (err)
		return err;
	return image_from_data(path, data, size, ret);
}

void image_destroy(struct image *image)
{
	if (!image)
		return;
	if (image->map)
		munmap((void *)image->map, image->map_size);
	else
		free(image->data);
	free(image->sections);
	free(image->by_addr);
	free(image->banner);
	free(image);
}

const void *image_elf(const struct image *image, size_t *size_ret)
{
	if (size_ret)
		*size_ret = image->size;
	return image->data;
}

bool image_is_module(const struct image *image)
{
	return image->module;
}

const uint8_t *image_build_id(const struct image *image, size_t *size_ret)
{
	if (size_ret)
		*size_ret = image->build_id_size;
	return image->build_id;
}

const char *image_banner(const struct image *image)
{
	return image->banner;
}

const void *image_section(const struct image *image, const char *name, uint64_t *addr_ret,
			  size_t *size_ret)
{
	for (size_t i = 1; i < image->section_count; i++) {
		const uint8_t *data = image_section_data(image, i);

		if (!data || !(image->sections[i].sh_flags & SHF_ALLOC) ||
		    strcmp(image_section_name(image, i), name))
			continue;
		if (addr_ret)
			*addr_ret = image->sections[i].sh_addr;
		if (size_ret)
			*size_ret = image->sections[i].sh_size;
		return data;
	}
	return NULL;
}

const void *image_at(const struct image *image, uint64_t addr, size_t size)
{
	size_t low = 0, high = image->by_addr_count;
	const Elf64_Shdr *section;

	/* the last section that starts at or before addr */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->sections[image->by_addr[middle]].sh_addr <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	section = &image->sections[image->by_addr[low - 1]];
	addr -= section->sh_addr;
	if (addr >= section->sh_size || size > section->sh_size - addr)
		return NULL;
	return image->data + section->sh_offset + addr;
}
