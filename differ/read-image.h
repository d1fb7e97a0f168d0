/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct image, for the read-*.c files only. The section headers are checked when
 * the image is made and trusted afterwards: every section with contents lies within data, every
 * name is terminated.
 */
#ifndef DIFFER_READ_IMAGE_H
#define DIFFER_READ_IMAGE_H

#include <elf.h>

#include <klpkit/image.h>

struct image {
	char *data; /* the unpacked ELF file, malloc'd, or in map */
	const void *map; /* NULL, or what data is in */
	size_t map_size;
	size_t size;
	Elf64_Shdr *sections;
	size_t section_count;
	const char *names; /* the section names */
	size_t names_size;
	uint32_t *by_addr; /* a linked image: its allocated sections with contents, by address */
	size_t by_addr_count;
	const uint8_t *build_id;
	size_t build_id_size;
	char *banner;
	bool module;
};

/* data is malloc'd and taken over, on failure too. path is for messages. */
struct error *image_from_data(const char *path, char *data, size_t size,
			      struct image **ret) must_check;
/* data lies in a mapping, which is taken over, on failure too. */
struct error *image_from_map(const char *path, const void *map, size_t map_size, const char *data,
			     size_t size, struct image **ret) must_check;
/* Does it look like something that image_from_data() reads, by its first bytes? */
bool image_is_binary(const char *data, size_t size);

const char *image_section_name(const struct image *image, size_t index);
/* NULL for index 0, NOBITS, empty. */
const uint8_t *image_section_data(const struct image *image, size_t index);

#endif
