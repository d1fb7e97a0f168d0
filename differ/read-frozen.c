// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbol tables with their images, to frozen files and back. */
#include <stdlib.h>
#include <string.h>

#include "frozen-file.h"
#include "read-frozen.h"
#include "read-image.h"
#include "read-symtab.h"

enum part {
	PART_IMAGE,
	PART_RECORDS,
	PART_STRINGS,
	PART_SLOTS,
	PART_GROUPS,
	PART_INDICES,
	PART_INIT_SECTIONS,
};

enum number {
	NUMBER_COUNT,
	NUMBER_SECTIONS,
	NUMBER_MASK,
	NUMBER_INIT_START,
	NUMBER_INIT_END,
	NUMBER_MODULE,
};

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

static struct error *write_table(const char *path, const struct symtab *symtab,
				 const struct image *image, const struct texts *texts)
{
	const struct name_index *index = &symtab->index;
	const struct frozen_file file = {
		.numbers = {
			[NUMBER_COUNT] = symtab->count,
			[NUMBER_SECTIONS] = symtab->section_count,
			[NUMBER_MASK] = index->mask,
			[NUMBER_INIT_START] = symtab->init_start,
			[NUMBER_INIT_END] = symtab->init_end,
			[NUMBER_MODULE] = symtab->module,
		},
		.parts = {
			[PART_IMAGE] = { image ? image->data : NULL, image ? image->size : 0 },
			[PART_RECORDS] = { texts->records,
					   symtab->count * sizeof(*texts->records) },
			[PART_STRINGS] = { texts->strings, texts->size },
			[PART_SLOTS] = { index->slots,
					 ((size_t)index->mask + 1) * sizeof(*index->slots) },
			[PART_GROUPS] = { index->groups,
					  index->group_count * sizeof(*index->groups) },
			[PART_INDICES] = { index->indices,
					   symtab->count * sizeof(*index->indices) },
			[PART_INIT_SECTIONS] = { symtab->init_sections,
						 symtab->section_count * sizeof(bool) },
		},
	};

	return frozen_file_write(path, FROZEN_SYMTAB, &file);
}

struct error *frozen_write(const char *path, const struct symtab *symtab,
			   const struct image *image)
{
	struct texts texts = { 0 };
	struct error *err;

	err = make_texts(symtab, &texts) ? write_table(path, symtab, image, &texts) :
					   error_nomem();
	free(texts.records);
	free(texts.strings);
	return err;
}

static bool sizes_fit(const struct frozen_file *file)
{
	uint64_t count = file->numbers[NUMBER_COUNT], mask = file->numbers[NUMBER_MASK];

	return count <= NAME_INDEX_MAX && mask <= UINT32_MAX &&
	       file->parts[PART_RECORDS].size == count * sizeof(struct symtab_record) &&
	       file->parts[PART_SLOTS].size == (mask + 1) * sizeof(uint32_t) &&
	       file->parts[PART_INDICES].size == count * sizeof(uint32_t) &&
	       file->parts[PART_INIT_SECTIONS].size == file->numbers[NUMBER_SECTIONS];
}

static bool map_table(const char *path, struct frozen_file *ret)
{
	if (!frozen_file_map(path, FROZEN_SYMTAB, ret))
		return false;
	if (sizes_fit(ret))
		return true;
	frozen_file_unmap(ret);
	return false;
}

/* Takes the file over. */
static struct error *thaw_symtab(const struct frozen_file *file, struct symtab **ret)
{
	struct symtab *symtab = calloc(1, sizeof(*symtab));

	if (symtab)
		symtab->entries = calloc(file->numbers[NUMBER_COUNT] + 1, sizeof(*symtab->entries));
	if (!symtab || !symtab->entries) {
		free(symtab);
		frozen_file_unmap(file);
		return error_nomem();
	}
	symtab->frozen = *file;
	symtab->records = file->parts[PART_RECORDS].data;
	symtab->strings = (char *)file->parts[PART_STRINGS].data;
	symtab->count = symtab->room = file->numbers[NUMBER_COUNT];
	symtab->init_sections = (bool *)file->parts[PART_INIT_SECTIONS].data;
	symtab->section_count = file->numbers[NUMBER_SECTIONS];
	symtab->init_start = file->numbers[NUMBER_INIT_START];
	symtab->init_end = file->numbers[NUMBER_INIT_END];
	symtab->module = file->numbers[NUMBER_MODULE];
	name_index_thaw(&symtab->index, symtab->records, sizeof(*symtab->records),
			symtab->strings, file->parts[PART_SLOTS].data,
			(uint32_t)file->numbers[NUMBER_MASK], file->parts[PART_GROUPS].data,
			file->parts[PART_INDICES].data);
	*ret = symtab;
	return NULL;
}

struct error *frozen_read(const char *path, struct symtab **symtab_ret, struct image **image_ret)
{
	struct frozen_file file, again;
	struct error *err;

	*symtab_ret = NULL;
	*image_ret = NULL;
	if (!map_table(path, &file))
		return NULL;
	err = thaw_symtab(&file, symtab_ret);
	if (err || !file.parts[PART_IMAGE].size)
		return err;
	/* One mapping each, since either may outlive the other. */
	if (map_table(path, &again))
		err = image_from_map(path, again.map, again.map_size, again.parts[PART_IMAGE].data,
				     again.parts[PART_IMAGE].size, image_ret);
	if (err || !*image_ret) {
		symtab_destroy(*symtab_ret);
		*symtab_ret = NULL;
	}
	return err;
}
