// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The symbols, numbered anew: a used reference is renamed, several of the same become one, an
 * unused one goes.
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finish-steps.h"

#ifndef SHN_LIVEPATCH
#define SHN_LIVEPATCH 0xff20
#endif

/* The core parses names into buffers of this size (MODULE_NAME_LEN, KSYM_NAME_LEN), with NUL. */
#define OBJECT_ROOM 56
#define NAME_ROOM   512

static struct error *check_ref(const struct finish *finish, const struct ref *ref)
{
	const char *path = finish->ko->path;

	if (strlen(ref->object) >= OBJECT_ROOM || strlen(ref->owner) >= OBJECT_ROOM)
		return error_create(EXIT_ERROR, "%s: module name %s is too long", path,
				    strlen(ref->object) >= OBJECT_ROOM ? ref->object : ref->owner);
	if (strlen(ref->name) >= NAME_ROOM || strchr(ref->name, ','))
		return error_create(EXIT_ERROR, "%s: the kernel cannot look up the name %s", path,
				    ref->name);
	if (!strcmp(ref->owner, "vmlinux") && strcmp(ref->object, "vmlinux"))
		return error_create(EXIT_ERROR,
				    "%s: built-in code refers to %s of module %s, "
				    "which may not be loaded",
				    path, ref->name, ref->object);
	return NULL;
}

static struct error *mark_used(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err = NULL;

	for (size_t i = 1; i < ko->section_count; i++) {
		const Elf64_Rela *relocs;
		size_t count;

		if (!section_is_relocs(&ko->sections[i]) || section_is_ours(ko, i))
			continue;
		relocs = ko_relocs(&ko->sections[i], &count);
		for (size_t j = 0; j < count; j++)
			finish->symbol_used[ELF64_R_SYM(relocs[j].r_info)] = true;
	}
	for (size_t i = 1; i < ko->symbol_count && !err; i++)
		if (finish->refs[i] && finish->symbol_used[i])
			err = check_ref(finish, finish->refs[i]);
	return err;
}

/* The new symbol of this name, so that two references to one thing share it. */
struct named {
	char *name;
	uint32_t symbol;
};

static int named_compare(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static void named_free(void *item)
{
	free(((struct named *)item)->name);
	free(item);
}

static struct named *named_get(void **tree, const struct ref *ref)
{
	struct named *named = calloc(1, sizeof(*named)), **found;

	if (!named || asprintf(&named->name, ".klp.sym.%s.%s,%s", ref->object, ref->name,
			       ref->position) < 0) {
		free(named);
		return NULL;
	}
	found = tsearch(named, tree, named_compare);
	if (!found || *found != named)
		named_free(named);
	return found ? *found : NULL;
}

static void add_symbol(struct finish *finish, size_t old, const char *name, FILE *strings)
{
	Elf64_Sym *symbol = &finish->symbols[finish->symbol_count];

	*symbol = finish->ko->symbols[old];
	symbol->st_name = 0;
	if (*name) {
		symbol->st_name = ftell(strings);
		fwrite(name, 1, strlen(name) + 1, strings);
	}
	if (finish->refs[old]) {
		symbol->st_shndx = SHN_LIVEPATCH;
		finish->converted++;
	}
	finish->symbol_map[old] = finish->symbol_count++;
}

static bool symbol_goes(const struct finish *finish, size_t old)
{
	uint16_t section = finish->ko->symbols[old].st_shndx;

	if (finish->refs[old])
		return !finish->symbol_used[old];
	return section && section < SHN_LORESERVE && section_is_ours(finish->ko, section);
}

static struct error *number_symbols(struct finish *finish, FILE *strings, void **tree)
{
	const struct ko *ko = finish->ko;

	fputc('\0', strings);
	finish->symbol_count = 1;
	for (size_t i = 1; i < ko->symbol_count; i++) {
		struct named *named = NULL;

		if (i == ko->sections[ko->symtab].header.sh_info)
			finish->local_count = finish->symbol_count;
		if (symbol_goes(finish, i))
			continue;
		if (finish->refs[i]) {
			named = named_get(tree, finish->refs[i]);
			if (!named)
				return error_nomem();
			finish->symbol_map[i] = named->symbol;
		}
		if (!finish->symbol_map[i])
			add_symbol(finish, i, named ? named->name : ko_symbol_name(ko, i), strings);
		if (named)
			named->symbol = finish->symbol_map[i];
	}
	if (!finish->local_count) /* no globals */
		finish->local_count = finish->symbol_count;
	return NULL;
}

struct error *finish_symbols(struct finish *finish)
{
	struct error *err = mark_used(finish);
	void *tree = NULL;
	FILE *strings;

	if (err)
		return err;
	strings = open_memstream(&finish->strings, &finish->strings_size);
	if (!strings)
		return error_nomem();
	err = number_symbols(finish, strings, &tree);
	tdestroy(tree, named_free);
	if (fclose(strings) && !err)
		err = error_nomem();
	return err;
}
