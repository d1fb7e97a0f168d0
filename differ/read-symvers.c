// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: Module.symvers, a line an export, its fields separated by tabs (scripts/mod/modpost.c,
 * write_dump()): CRC, name, module, EXPORT_SYMBOL or EXPORT_SYMBOL_GPL, and the name space, which
 * may be empty. Out: the exports by name; of several with one name, the first counts, as for
 * modpost.
 */
#include <stdlib.h>
#include <string.h>

#include <klpkit/file.h>
#include <klpkit/image.h>

#include "frozen-file.h"
#include "read-cached.h"
#include "read-names.h"

#define SYMVERS_FIELDS 5

struct symvers {
	struct symvers_entry *entries;
	size_t count;
	struct name_index index;
	char *text; /* what the entries point into */
	struct frozen_file frozen; /* map not NULL: it has all but the entries */
	const struct symvers_record *records;
};

/* An entry in a frozen table: offsets in its strings. */
struct symvers_record {
	uint32_t name, module, name_space, crc, gpl;
};

enum part {
	PART_RECORDS,
	PART_STRINGS,
	PART_SLOTS,
	PART_GROUPS,
	PART_INDICES,
};

/* 0x and up to eight digits. */
static bool symvers_crc(const char *text, uint32_t *crc_ret)
{
	uint32_t crc = 0;
	size_t digits;

	if (text[0] != '0' || (text[1] | 0x20) != 'x')
		return false;
	for (digits = 0, text += 2; *text; text++, digits++) {
		char lower = *text | 0x20;

		if (*text >= '0' && *text <= '9')
			crc = crc << 4 | (uint32_t)(*text - '0');
		else if (lower >= 'a' && lower <= 'f')
			crc = crc << 4 | (uint32_t)(lower - 'a' + 10);
		else
			return false;
	}
	*crc_ret = crc;
	return digits >= 1 && digits <= 8;
}

/* "drivers/net/some-nic" is the module some_nic. */
static const char *symvers_module(char *path)
{
	char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	for (char *at = base; *at; at++)
		if (*at == '-')
			*at = '_';
	return base;
}

static bool symvers_read_line(char *line, struct symvers_entry *entry)
{
	char *fields[SYMVERS_FIELDS];
	size_t count = 0;

	for (char *at = line; at; count++) {
		if (count == SYMVERS_FIELDS)
			return false;
		fields[count] = at;
		at = strchr(at, '\t');
		if (at)
			*at++ = '\0';
	}
	if (count < 4 || !*fields[1] || !*fields[2])
		return false;
	entry->name = fields[1];
	entry->module = symvers_module(fields[2]);
	entry->name_space = count == 5 ? fields[4] : "";
	entry->gpl = !strcmp(fields[3], "EXPORT_SYMBOL_GPL");
	return *entry->module && (entry->gpl || !strcmp(fields[3], "EXPORT_SYMBOL")) &&
	       symvers_crc(fields[0], &entry->crc);
}

static struct error *symvers_read(struct symvers *symvers, const char *path, size_t size)
{
	char *at = symvers->text, *end = at + size;
	size_t room = 0, number = 0;

	while (at < end) {
		struct symvers_entry *more;
		char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		if (symvers->count == room) {
			room = room * 2 + 1024;
			more = room <= NAME_INDEX_MAX
				       ? reallocarray(symvers->entries, room, sizeof(*more))
				       : NULL;
			if (!more)
				return error_nomem();
			symvers->entries = more;
		}
		*stop = '\0';
		number++;
		if (strlen(at) != (size_t)(stop - at) ||
		    !symvers_read_line(at, &symvers->entries[symvers->count]))
			return error_create(
				EXIT_ERROR,
				"%s:%zu: is not a line of Module.symvers "
				"(CRC, name, module, EXPORT_SYMBOL or EXPORT_SYMBOL_GPL, "
				"name space, separated by tabs)",
				path, number);
		symvers->count++;
		at = stop + 1;
	}
	return name_index_init(&symvers->index, symvers->entries, symvers->count,
			       sizeof(*symvers->entries));
}

static struct error *symvers_open_sized(const char *path, struct symvers **ret, size_t *size_ret)
{
	struct symvers *symvers = calloc(1, sizeof(*symvers));
	struct error *err;
	size_t size;

	if (!symvers)
		return error_nomem();
	err = file_read(path, &symvers->text, &size);
	if (!err)
		err = symvers_read(symvers, path, size);
	if (err) {
		symvers_destroy(symvers);
		return err;
	}
	*ret = symvers;
	*size_ret = size;
	return NULL;
}

struct error *symvers_open(const char *path, struct symvers **ret)
{
	size_t size;

	return symvers_open_sized(path, ret, &size);
}

void symvers_destroy(struct symvers *symvers)
{
	if (!symvers)
		return;
	free(symvers->entries);
	if (symvers->frozen.map) {
		frozen_file_unmap(&symvers->frozen);
	} else {
		name_index_deinit(&symvers->index);
		free(symvers->text);
	}
	free(symvers);
}

static const struct symvers_entry *symvers_at(const struct symvers *symvers, uint32_t index)
{
	struct symvers_entry *entry = &symvers->entries[index];
	const struct symvers_record *record;

	if (entry->name || !symvers->records)
		return entry;
	record = &symvers->records[index];
	*entry = (struct symvers_entry){
		.name = symvers->text + record->name,
		.module = symvers->text + record->module,
		.name_space = symvers->text + record->name_space,
		.gpl = record->gpl,
		.crc = record->crc,
	};
	return entry;
}

const struct symvers_entry *symvers_find(const struct symvers *symvers, const char *name)
{
	const uint32_t *indices;

	if (!name_index_find(&symvers->index, name, &indices))
		return NULL;
	return symvers_at(symvers, indices[0]);
}

/* ---- frozen */

static uint32_t add_text(char *strings, size_t *size, const char *text)
{
	size_t at = *size, length = strlen(text) + 1;

	memcpy(strings + at, text, length);
	*size += length;
	return (uint32_t)at;
}

static void symvers_freeze(const char *path, const struct symvers *symvers, size_t text_size)
{
	const struct name_index *index = &symvers->index;
	struct symvers_record *records = calloc(symvers->count + 1, sizeof(*records));
	/* each text is one of the file's, or empty */
	char *strings = calloc(text_size + symvers->count + 1, 1);
	size_t size = 0;

	for (size_t i = 0; records && strings && i < symvers->count; i++) {
		const struct symvers_entry *entry = &symvers->entries[i];

		records[i].name = add_text(strings, &size, entry->name);
		records[i].module = add_text(strings, &size, entry->module);
		records[i].name_space = add_text(strings, &size, entry->name_space);
		records[i].crc = entry->crc;
		records[i].gpl = entry->gpl;
	}
	if (records && strings && text_size < UINT32_MAX / 2)
		cache_keep_file(path, FROZEN_SYMVERS,
				&(struct frozen_file){
					.numbers = { symvers->count, index->mask },
					.parts = {
						[PART_RECORDS] = { records, symvers->count *
									    sizeof(*records) },
						[PART_STRINGS] = { strings, size },
						[PART_SLOTS] = { index->slots,
								 ((size_t)index->mask + 1) *
								 sizeof(*index->slots) },
						[PART_GROUPS] = { index->groups,
								  index->group_count *
								  sizeof(*index->groups) },
						[PART_INDICES] = { index->indices,
								   symvers->count *
								   sizeof(*index->indices) },
					},
				});
	free(records);
	free(strings);
}

static struct symvers *symvers_thaw(const char *path)
{
	struct symvers *symvers = calloc(1, sizeof(*symvers));
	struct frozen_file file;

	if (!symvers || !frozen_file_map(path, FROZEN_SYMVERS, &file)) {
		free(symvers);
		return NULL;
	}
	symvers->frozen = file;
	symvers->count = file.numbers[0];
	symvers->records = file.parts[PART_RECORDS].data;
	symvers->text = (char *)file.parts[PART_STRINGS].data;
	if (symvers->count <= NAME_INDEX_MAX && file.numbers[1] <= UINT32_MAX &&
	    file.parts[PART_RECORDS].size == symvers->count * sizeof(*symvers->records) &&
	    file.parts[PART_SLOTS].size == (file.numbers[1] + 1) * sizeof(uint32_t) &&
	    file.parts[PART_INDICES].size == symvers->count * sizeof(uint32_t))
		symvers->entries = calloc(symvers->count + 1, sizeof(*symvers->entries));
	if (!symvers->entries) {
		symvers_destroy(symvers);
		return NULL;
	}
	name_index_thaw(&symvers->index, symvers->records, sizeof(*symvers->records),
			symvers->text, file.parts[PART_SLOTS].data, (uint32_t)file.numbers[1],
			file.parts[PART_GROUPS].data, file.parts[PART_INDICES].data);
	return symvers;
}

struct error *symvers_open_cached(const char *path, struct symvers **ret)
{
	char *cached = cache_path_of(path);
	struct symvers *symvers = cached ? symvers_thaw(cached) : NULL;
	struct error *err = NULL;
	size_t size;

	if (!symvers) {
		err = symvers_open_sized(path, &symvers, &size);
		if (!err && cached)
			symvers_freeze(cached, symvers, size);
	}
	free(cached);
	if (!err)
		*ret = symvers;
	return err;
}
