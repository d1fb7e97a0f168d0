// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frozen-file.h"

/* Raised when anything of what is written changes. */
static const char frozen_magic[8] = "KLPFRZ2";

#define PAGE 4096

struct header {
	char magic[8];
	uint64_t kind;
	uint64_t numbers[FROZEN_NUMBERS];
	struct {
		uint64_t offset, size;
	} parts[FROZEN_PARTS];
};

static struct error *write_parts(FILE *out, const char *path, const struct header *header,
				 const struct frozen_file *file)
{
	static const char zeros[PAGE];
	size_t at = sizeof(*header);

	fwrite(header, sizeof(*header), 1, out);
	for (int i = 0; i < FROZEN_PARTS; i++) {
		fwrite(zeros, header->parts[i].offset - at, 1, out);
		fwrite(file->parts[i].data ?: "", file->parts[i].size, 1, out);
		at = header->parts[i].offset + file->parts[i].size;
	}
	return ferror(out) || fflush(out) ? error_errno(errno, "cannot write %s", path) : NULL;
}

static void lay_out(struct header *header, enum frozen_kind kind, const struct frozen_file *file)
{
	size_t at = sizeof(*header);

	memcpy(header->magic, frozen_magic, sizeof(frozen_magic));
	header->kind = kind;
	memcpy(header->numbers, file->numbers, sizeof(file->numbers));
	for (int i = 0; i < FROZEN_PARTS; i++) {
		at = (at + PAGE - 1) & ~(size_t)(PAGE - 1);
		header->parts[i].offset = at;
		header->parts[i].size = file->parts[i].size;
		at += file->parts[i].size;
	}
}

struct error *frozen_file_write(const char *path, enum frozen_kind kind,
				const struct frozen_file *file)
{
	struct header header = { 0 };
	struct error *err;
	char *temporary;
	FILE *out;
	int fd;

	lay_out(&header, kind, file);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return error_nomem();
	fd = mkostemp(temporary, O_CLOEXEC);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	err = out ? write_parts(out, temporary, &header, file) :
		    error_errno(errno, "cannot write %s", temporary);
	if (out && fclose(out) && !err)
		err = error_errno(errno, "cannot write %s", temporary);
	if (!err && rename(temporary, path) < 0)
		err = error_errno(errno, "cannot rename %s", temporary);
	if (err)
		unlink(temporary);
	free(temporary);
	return err;
}

static bool header_fits(const struct header *header, enum frozen_kind kind, size_t size)
{
	if (memcmp(header->magic, frozen_magic, sizeof(frozen_magic)) || header->kind != kind)
		return false;
	for (int i = 0; i < FROZEN_PARTS; i++)
		if (header->parts[i].offset > size || header->parts[i].offset % PAGE ||
		    header->parts[i].size > size - header->parts[i].offset)
			return false;
	return true;
}

bool frozen_file_map(const char *path, enum frozen_kind kind, struct frozen_file *ret)
{
	const struct header *header;
	struct frozen_file file = { 0 };
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0 || (size_t)st.st_size < sizeof(*header)) {
		close(fd);
		return false;
	}
	file.map_size = (size_t)st.st_size;
	file.map = header = mmap(NULL, file.map_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (header == MAP_FAILED)
		return false;
	if (!header_fits(header, kind, file.map_size)) {
		frozen_file_unmap(&file);
		return false;
	}
	memcpy(file.numbers, header->numbers, sizeof(file.numbers));
	for (int i = 0; i < FROZEN_PARTS; i++) {
		file.parts[i].data = (const char *)header + header->parts[i].offset;
		file.parts[i].size = header->parts[i].size;
	}
	*ret = file;
	return true;
}

void frozen_file_unmap(const struct frozen_file *file)
{
	munmap((void *)file->map, file->map_size);
}
