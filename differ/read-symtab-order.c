// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the kernel's symbols as an ELF symbol table or a System.map has them. Out: those that
 * kallsyms has, in its order, so that positions counted here are the running kernel's.
 *
 * The list is that of scripts/mksysmap and scripts/kallsyms.c, which share the work differently
 * in each release; what is left out by one of 6.1 to 6.12 on x86 is left out here. The names of
 * kallsyms' own tables are in the list although 6.12 keeps them: they are unique, and code that
 * is patched does not refer to them.
 */
#include <stdlib.h>
#include <string.h>

#include "read-symtab.h"

static bool symtab_starts(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

static bool symtab_ends(const char *name, size_t size, const char *suffix)
{
	size_t want = strlen(suffix);

	return size >= want && !memcmp(name + size - want, suffix, want);
}

/* mksysmap drops [aNUw], kallsyms 'u', 'n' and what is left of absolute symbols. */
static bool symtab_is_ignored_type(char type)
{
	return type && strchr("aANnUuw", type);
}

static bool symtab_is_ignored_name(const char *name)
{
	static const char *const prefixes[] = {
		"__crc_", "__kstrtab_", "__kstrtabns_",	  "__efistub_",
		"__pi_$", "__pi_.L",	"__kcfi_typeid_", "__pi___kcfi_typeid_",
	};
	static const char *const tables[] = {
		"addresses", "offsets",	    "relative_base", "num_syms",      "names",
		"markers",   "token_table", "token_index",   "seqs_of_names",
	};
	static const char *const suffixes[] = {"_from_arm", "_from_thumb", "_veneer"};
	size_t size = strlen(name);

	if (name[0] == '$' || symtab_starts(name, ".L") || !strcmp(name, "L0"))
		return true;
	if (name[0] == '_' && name[1] == '_')
		for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
			if (symtab_starts(name, prefixes[i]))
				return true;
	if (symtab_starts(name, "kallsyms_"))
		for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
			if (!strcmp(name + strlen("kallsyms_"), tables[i]))
				return true;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (symtab_ends(name, size, suffixes[i]))
			return true;
	return false;
}

/* The names that scripts/kallsyms.c takes for ones that a linker script made. */
static bool symtab_is_provided(const char *name)
{
	size_t size = strlen(name);

	if (size < 8 || name[0] != '_' || name[1] != '_')
		return false;
	return symtab_starts(name + 2, "start_") || symtab_starts(name + 2, "stop_") ||
	       symtab_starts(name + 2, "end_") || symtab_ends(name, size, "_start") ||
	       symtab_ends(name, size, "_end");
}

struct sort_key {
	uint64_t address;
	uint32_t entry;
};

/* kallsyms' order of symbols at one address; what it leaves as it was is in the order of nm -n. */
static int symtab_compare_tied(const struct symtab_entry *a, const struct symtab_entry *b)
{
	int left = a->type == 'W', right = b->type == 'W';

	if (left == right) {
		left = symtab_is_provided(a->name);
		right = symtab_is_provided(b->name);
	}
	if (left == right) {
		left = (int)strspn(a->name, "_");
		right = (int)strspn(b->name, "_");
	}
	if (left == right)
		return strcmp(a->name, b->name);
	return left - right;
}

static int symtab_compare(const void *left, const void *right, void *arg)
{
	const struct sort_key *a = left, *b = right;
	const struct symtab_entry *entries = arg;
	int order;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	order = symtab_compare_tied(&entries[a->entry], &entries[b->entry]);
	if (order)
		return order;
	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

struct error *symtab_sort(struct symtab *symtab)
{
	struct symtab_entry *sorted = malloc((symtab->count + 1) * sizeof(*sorted));
	struct sort_key *keys = malloc((symtab->count + 1) * sizeof(*keys));
	size_t count = 0;

	if (!sorted || !keys) {
		free(sorted);
		free(keys);
		return error_nomem();
	}
	for (size_t i = 0; i < symtab->count; i++) {
		const struct symtab_entry *entry = &symtab->entries[i];

		if (symtab_is_ignored_type(entry->type) || symtab_is_ignored_name(entry->name))
			continue;
		keys[count++] = (struct sort_key){entry->address, (uint32_t)i};
	}
	qsort_r(keys, count, sizeof(*keys), symtab_compare, symtab->entries);
	for (size_t i = 0; i < count; i++)
		sorted[i] = symtab->entries[keys[i].entry];
	free(keys);
	free(symtab->entries);
	symtab->entries = sorted;
	symtab->count = count;
	return NULL;
}
