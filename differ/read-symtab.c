// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbol tables: which reader a file gets, and what all of them share. */
#include <stdlib.h>
#include <string.h>

#include "read-image.h"
#include "read-image-file.h"
#include "read-symtab.h"

struct error *symtab_create(const char *path, size_t room, char *strings, bool module,
			    struct symtab **ret)
{
	struct symtab *symtab = NULL;
	struct error *err;

	if (room > NAME_INDEX_MAX) {
		err = error_create(EXIT_ERROR, "%s: claims %zu symbols, too many for a kernel",
				   path, room);
		goto out;
	}
	err = error_nomem();
	symtab = calloc(1, sizeof(*symtab));
	if (!symtab)
		goto out;
	symtab->entries = malloc((room + 1) * sizeof(*symtab->entries));
	if (!symtab->entries)
		goto out;
	symtab->room = room;
	symtab->strings = strings;
	symtab->module = module;
	*ret = symtab;
	return NULL;
out:
	free(symtab);
	free(strings);
	return err;
}

void symtab_add(struct symtab *symtab, const struct symtab_entry *entry)
{
	if (symtab->count < symtab->room)
		symtab->entries[symtab->count++] = *entry;
}

/* Where the kernel's own init memory is, by the linker script's symbols. */
static void symtab_find_init(struct symtab *symtab)
{
	const uint32_t *start, *end;

	if (symtab_find(symtab, "__init_begin", &start) != 1 ||
	    symtab_find(symtab, "__init_end", &end) != 1)
		return;
	symtab->init_start = symtab->entries[*start].address;
	symtab->init_end = symtab->entries[*end].address;
}

struct error *symtab_finish(struct symtab *symtab, enum symtab_order order)
{
	struct error *err = NULL;

	if (order == SYMTAB_KERNEL)
		err = symtab_sort(symtab);
	if (!err)
		err = name_index_init(&symtab->index, symtab->entries, symtab->count,
				      sizeof(*symtab->entries));
	if (!err && !symtab->module)
		symtab_find_init(symtab);
	return err;
}

struct error *symtab_from_image(const struct image *image, const char *path, struct symtab **ret)
{
	for (size_t i = 1; i < image->section_count; i++)
		if (image->sections[i].sh_type == SHT_SYMTAB && image->sections[i].sh_size)
			return symtab_read_elf(image, path, ret);
	if (image->module)
		return error_create(EXIT_ERROR,
				    "%s: has no symbol table (stripped?); use the "
				    "module as its package ships it",
				    path);
	return symtab_read_kallsyms(image, path, ret);
}

struct error *symtab_open(const char *path, struct symtab **ret, struct image **image_ret)
{
	struct image *image;
	struct error *err;
	size_t size;
	char *data;

	err = image_file_read(path, &data, &size);
	if (err)
		return err;
	if (!size) {
		free(data);
		return error_create(EXIT_ERROR, "%s: is empty; a symbol table is needed", path);
	}
	if (!image_is_binary(data, size)) {
		err = symtab_read_text(path, data, size, ret);
		if (!err && image_ret)
			*image_ret = NULL;
		return err;
	}
	err = image_from_data(path, data, size, &image);
	if (err)
		return err;
	err = symtab_from_image(image, path, ret);
	if (!err && image_ret) {
		*image_ret = image;
		return NULL;
	}
	image_destroy(image);
	return err;
}

void symtab_destroy(struct symtab *symtab)
{
	if (!symtab)
		return;
	free(symtab->entries);
	if (symtab->frozen.map) {
		frozen_file_unmap(&symtab->frozen);
	} else {
		name_index_deinit(&symtab->index);
		free(symtab->strings);
		free(symtab->init_sections);
	}
	free(symtab);
}

size_t symtab_count(const struct symtab *symtab)
{
	return symtab->count;
}

const struct symtab_entry *symtab_at(const struct symtab *symtab, size_t index)
{
	struct symtab_entry *entry = &symtab->entries[index];
	const struct symtab_record *record;

	if (entry->name || !symtab->records)
		return entry;
	record = &symtab->records[index];
	*entry = (struct symtab_entry){
		.name = symtab->strings + record->name,
		.file = record->file ? symtab->strings + record->file : NULL,
		.address = record->address,
		.size = record->size,
		.section = record->section,
		.type = record->type,
	};
	return entry;
}

size_t symtab_find(const struct symtab *symtab, const char *name, const uint32_t **indices_ret)
{
	return name_index_find(&symtab->index, name, indices_ret);
}

bool symtab_is_module(const struct symtab *symtab)
{
	return symtab->module;
}

bool symtab_in_init(const struct symtab *symtab, size_t index)
{
	const struct symtab_entry *entry = symtab_at(symtab, index);

	if (symtab->module)
		return entry->section < symtab->section_count &&
		       symtab->init_sections[entry->section];
	return entry->address >= symtab->init_start && entry->address < symtab->init_end;
}
