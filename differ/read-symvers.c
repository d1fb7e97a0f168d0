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

#include "read-names.h"

#define SYMVERS_FIELDS 5

struct symvers {
	struct symvers_entry *entries;
	size_t count;
	struct name_index index;
	char *text; /* what the entries point into */
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

struct error *symvers_open(const char *path, struct symvers **ret)
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
	return NULL;
}

void symvers_destroy(struct symvers *symvers)
{
	if (!symvers)
		return;
	name_index_deinit(&symvers->index);
	free(symvers->entries);
	free(symvers->text);
	free(symvers);
}

const struct symvers_entry *symvers_find(const struct symvers *symvers, const char *name)
{
	const uint32_t *indices;

	if (!name_index_find(&symvers->index, name, &indices))
		return NULL;
	return &symvers->entries[indices[0]];
}
