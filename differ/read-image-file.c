// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a path. Out: its contents, without what only debuggers read.
 *
 * Nothing is trusted yet: headers that make no sense only mean that nothing is left out, and the
 * checks of the image find them.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <klpkit/file.h>

#include "read-image-file.h"

#define LARGE	  ((size_t)8 << 20)
#define HOLES_MAX 32

struct hole {
	size_t start, end;
};

struct image_file {
	const char *path;
	int fd;
	char *data;
	size_t size;
	struct hole holes[HOLES_MAX + 1]; /* ascending, and one at the end of the file */
	size_t hole_count;
};

static struct error *image_file_range(struct image_file *file, size_t start, size_t end)
{
	while (start < end) {
		ssize_t got = pread(file->fd, file->data + start, end - start, (off_t)start);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(errno, "cannot read %s", file->path);
		if (!got)
			return error_create(EXIT_ERROR,
					    "%s: became shorter while it was read; is it "
					    "being built?",
					    file->path);
		start += (size_t)got;
	}
	return NULL;
}

static bool image_file_is_debug(const struct image_file *file, const Elf64_Shdr *section,
				const Elf64_Shdr *names)
{
	const char *name;

	if (section->sh_flags & SHF_ALLOC || section->sh_type == SHT_NOBITS ||
	    section->sh_offset > file->size || section->sh_size > file->size - section->sh_offset ||
	    section->sh_name >= names->sh_size || names->sh_size - section->sh_name < 16)
		return false;
	name = file->data + names->sh_offset + section->sh_name;
	return !strncmp(name, ".debug", 6) || !strncmp(name, ".rela.debug", 11);
}

static int image_file_compare(const void *left, const void *right)
{
	const struct hole *a = left, *b = right;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* Reads the headers and finds what to leave out; nothing, if they are not as expected. */
static struct error *image_file_find_holes(struct image_file *file)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file->data;
	Elf64_Shdr section, names;
	struct error *err;
	size_t table;

	err = image_file_range(file, 0, sizeof(*header));
	if (err || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shstrndx >= header->e_shnum ||
	    header->e_shoff > file->size)
		return err;
	table = header->e_shoff;
	if (file->size - table < header->e_shnum * sizeof(section))
		return NULL;
	err = image_file_range(file, table, table + header->e_shnum * sizeof(section));
	if (err)
		return err;
	memcpy(&names, file->data + table + header->e_shstrndx * sizeof(names), sizeof(names));
	if (names.sh_offset > file->size || names.sh_size > file->size - names.sh_offset)
		return NULL;
	err = image_file_range(file, names.sh_offset, names.sh_offset + names.sh_size);
	if (err)
		return err;
	for (size_t i = 1; i < header->e_shnum && file->hole_count < HOLES_MAX; i++) {
		memcpy(&section, file->data + table + i * sizeof(section), sizeof(section));
		if (image_file_is_debug(file, &section, &names))
			file->holes[file->hole_count++] = (struct hole){
				section.sh_offset,
				section.sh_offset + section.sh_size,
			};
	}
	qsort(file->holes, file->hole_count, sizeof(*file->holes), image_file_compare);
	return NULL;
}

static struct error *image_file_read_large(struct image_file *file)
{
	struct error *err;
	size_t at = 0;

	/* Untouched pages of it cost nothing. */
	file->data = calloc(1, file->size + 1);
	if (!file->data)
		return error_nomem();
	err = image_file_find_holes(file);
	file->holes[file->hole_count++] = (struct hole){file->size, file->size};
	for (size_t i = 0; !err && i < file->hole_count; i++) {
		if (at < file->holes[i].start)
			err = image_file_range(file, at, file->holes[i].start);
		if (at < file->holes[i].end)
			at = file->holes[i].end;
	}
	if (err)
		free(file->data);
	return err;
}

struct error *image_file_read(const char *path, char **data_ret, size_t *size_ret)
{
	struct image_file file = {.path = path};
	struct error *err = NULL;
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size < LARGE)
		return file_read(path, data_ret, size_ret);
	file.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (file.fd < 0)
		return error_errno(errno, "cannot open %s", path);
	if (fstat(file.fd, &st) < 0)
		err = error_errno(errno, "cannot stat %s", path);
	else if ((uint64_t)st.st_size < sizeof(Elf64_Ehdr))
		err = error_create(EXIT_ERROR,
				   "%s: became shorter while it was read; is it being "
				   "built?",
				   path);
	file.size = err ? 0 : (size_t)st.st_size;
	if (!err)
		err = image_file_read_large(&file);
	close(file.fd);
	if (err)
		return err;
	*data_ret = file.data;
	*size_ret = file.size;
	return NULL;
}
