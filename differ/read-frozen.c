// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <klpkit/file.h>

#include "read-frozen.h"
#include "read-image.h"
#include "read-symtab.h"

/* Raised when anything of what is written changes. */
static const char frozen_magic[8] = "KLPFRZ1";

#define PAGE 4096

enum part {
	PART_IMAGE,
	PART_RECORDS,
	PART_STRINGS,
	PART_SLOTS,
	PART_GROUPS,
	PART_INDICES,
	PART_INIT_SECTIONS,
	PART_COUNT,
};

struct frozen_header {
	char magic[8];
	uint64_t record_size; /* as a check */
	uint64_t count, section_count, mask;
	uint64_t init_start, init_end;
	uint64_t module;
	struct {
		uint64_t offset, size;
	} parts[PART_COUNT];
};

struct part_data {
	const void *data;
	size_t size;
};

static struct error *write_all(FILE *file, const char *path, const struct frozen_header *header,
			       const struct part_data *parts)
{
	size_t at = sizeof(*header);
	static const char zeros[PAGE];

	fwrite(header, sizeof(*header), 1, file);
	for (int i = 0; i < PART_COUNT; i++) {
		fwrite(zeros, header->parts[i].offset - at, 1, file);
		fwrite(parts[i].data ?: "", parts[i].size, 1, file);
		at = header->parts[i].offset + parts[i].size;
	}
	return ferror(file) || fflush(file) ? error_errno(errno, "cannot write %s", path) : NULL;
}

/* What is written of the entries. */
struct texts {
	struct symtab_record *records;
	char *strings;
	size_t size;
};

static size_t length_of_all(const struct symtab *symtab)
{
	size_t length = 1;

	for (size_t i = 0; i < symtab->count; i++) {
		const struct symtab_entry *entry = symtab_at(symtab, i);

		length += strlen(entry->name) + 1;
		if (entry->file && (!i || symtab_at(symtab, i - 1)->file != entry->file))
			length += strlen(entry->file) + 1;
	}
	return length;
}

static uint32_t add_text(struct texts *texts, const char *text)
{
	size_t at = texts->size, length = strlen(text) + 1;

	memcpy(texts->strings + at, text, length);
	texts->size += length;
	return (uint32_t)at;
}

static bool make_texts(const struct symtab *symtab, struct texts *texts)
{
	size_t length = length_of_all(symtab);

	texts->records = calloc(symtab->count + 1, sizeof(*texts->records));
	texts->strings = calloc(length, 1);
	if (!texts->records || !texts->strings || length > UINT32_MAX)
		return false;
	texts->size = 1;
	for (size_t i = 0; i < symtab->count; i++) {
		const struct symtab_entry *entry = symtab_at(symtab, i);
		struct symtab_record *record = &texts->records[i];

		record->name = add_text(texts, entry->name);
		if (entry->file && i && symtab_at(symtab, i - 1)->file == entry->file)
			record->file = record[-1].file;
		else if (entry->file)
			record->file = add_text(texts, entry->file);
		record->address = entry->address;
		record->size = entry->size;
		record->section = entry->section;
		record->type = entry->type;
	}
	return true;
}

static struct error *write_file(const char *path, const struct symtab *symtab,
				const struct image *image, const struct texts *texts)
{
	size_t groups = symtab->index.group_count;
	const struct part_data parts[PART_COUNT] = {
		[PART_IMAGE] = { image ? image->data : NULL, image ? image->size : 0 },
		[PART_RECORDS] = { texts->records, symtab->count * sizeof(*texts->records) },
		[PART_STRINGS] = { texts->strings, texts->size },
		[PART_SLOTS] = { symtab->index.slots,
				 ((size_t)symtab->index.mask + 1) * sizeof(uint32_t) },
		[PART_GROUPS] = { symtab->index.groups, groups * sizeof(struct name_group) },
		[PART_INDICES] = { symtab->index.indices, symtab->count * sizeof(uint32_t) },
		[PART_INIT_SECTIONS] = { symtab->init_sections,
					 symtab->section_count * sizeof(bool) },
	};
	struct frozen_header header = {
		.record_size = sizeof(*texts->records),
		.count = symtab->count,
		.section_count = symtab->section_count,
		.mask = symtab->index.mask,
		.init_start = symtab->init_start,
		.init_end = symtab->init_end,
		.module = symtab->module,
	};
	size_t at = sizeof(header);
	struct error *err;
	char *temporary;
	FILE *file;
	int fd;

	memcpy(header.magic, frozen_magic, sizeof(frozen_magic));
	for (int i = 0; i < PART_COUNT; i++) {
		at = (at + PAGE - 1) & ~(size_t)(PAGE - 1);
		header.parts[i].offset = at;
		header.parts[i].size = parts[i].size;
		at += parts[i].size;
	}
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return error_nomem();
	fd = mkostemp(temporary, O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	err = file ? write_all(file, temporary, &header, parts) :
		     error_errno(errno, "cannot write %s", temporary);
	if (file)
		fclose(file);
	if (!err && rename(temporary, path) < 0)
		err = error_errno(errno, "cannot rename %s", temporary);
	if (err)
		unlink(temporary);
	free(temporary);
	return err;
}

struct error *frozen_write(const char *path, const struct symtab *symtab,
			   const struct image *image)
{
	struct texts texts = { 0 };
	struct error *err;

	err = make_texts(symtab, &texts) ? write_file(path, symtab, image, &texts) :
					   error_nomem();
	free(texts.records);
	free(texts.strings);
	return err;
}

/* ---- reading */

static bool header_fits(const struct frozen_header *header, size_t size)
{
	const uint64_t sizes[PART_COUNT] = {
		[PART_RECORDS] = header->count * sizeof(struct symtab_record),
		[PART_SLOTS] = (header->mask + 1) * sizeof(uint32_t),
		[PART_INDICES] = header->count * sizeof(uint32_t),
		[PART_INIT_SECTIONS] = header->section_count,
	};

	if (memcmp(header->magic, frozen_magic, sizeof(frozen_magic)) ||
	    header->record_size != sizeof(struct symtab_record) ||
	    header->count > NAME_INDEX_MAX || header->mask > UINT32_MAX ||
	    header->section_count > UINT32_MAX)
		return false;
	for (int i = 0; i < PART_COUNT; i++) {
		if (header->parts[i].offset > size || header->parts[i].offset % PAGE ||
		    header->parts[i].size > size - header->parts[i].offset)
			return false;
		if (sizes[i] && header->parts[i].size != sizes[i])
			return false;
	}
	return true;
}

static const void *part_of(const struct frozen_header *header, enum part part)
{
	return (const char *)header + header->parts[part].offset;
}

/* One mapping each, since either may outlive the other. */
static const struct frozen_header *map(const char *path, size_t *size_ret)
{
	const struct frozen_header *header;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || (size_t)st.st_size < sizeof(*header)) {
		close(fd);
		return NULL;
	}
	header = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (header == MAP_FAILED)
		return NULL;
	*size_ret = (size_t)st.st_size;
	if (header_fits(header, *size_ret))
		return header;
	munmap((void *)header, *size_ret);
	return NULL;
}

static struct error *thaw_symtab(const struct frozen_header *header, size_t size,
				 struct symtab **ret)
{
	struct symtab *symtab = calloc(1, sizeof(*symtab));

	if (symtab)
		symtab->entries = calloc(header->count + 1, sizeof(*symtab->entries));
	if (!symtab || !symtab->entries) {
		free(symtab);
		munmap((void *)header, size);
		return error_nomem();
	}
	symtab->frozen = header;
	symtab->frozen_size = size;
	symtab->records = part_of(header, PART_RECORDS);
	symtab->strings = (char *)part_of(header, PART_STRINGS);
	symtab->count = symtab->room = header->count;
	symtab->init_sections = (bool *)part_of(header, PART_INIT_SECTIONS);
	symtab->section_count = header->section_count;
	symtab->init_start = header->init_start;
	symtab->init_end = header->init_end;
	symtab->module = header->module;
	symtab->index = (struct name_index){
		.entries = symtab->records,
		.stride = sizeof(struct symtab_record),
		.strings = symtab->strings,
		.slots = (uint32_t *)part_of(header, PART_SLOTS),
		.mask = (uint32_t)header->mask,
		.groups = (struct name_group *)part_of(header, PART_GROUPS),
		.indices = (uint32_t *)part_of(header, PART_INDICES),
	};
	*ret = symtab;
	return NULL;
}

struct error *frozen_read(const char *path, struct symtab **symtab_ret, struct image **image_ret)
{
	const struct frozen_header *header, *again;
	struct error *err;
	size_t size;

	*symtab_ret = NULL;
	*image_ret = NULL;
	header = map(path, &size);
	if (!header)
		return NULL;
	err = thaw_symtab(header, size, symtab_ret);
	if (err || !header->parts[PART_IMAGE].size)
		return err;
	again = map(path, &size);
	if (again)
		err = image_from_map(path, again, size, part_of(again, PART_IMAGE),
				     again->parts[PART_IMAGE].size, image_ret);
	if (err || !*image_ret) {
		symtab_destroy(*symtab_ret);
		*symtab_ret = NULL;
	}
	return err;
}
