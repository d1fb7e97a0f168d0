// SPDX-License-Identifier: GPL-2.0-or-later
/* Is a linked module what the target kernel will take? */
#include <klpkit/file.h>
#include <klpkit/format.h>
#include <klpkit/image.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link-check.h"
#include "ref.h"

/* struct modversion_info of include/linux/module.h */
struct version {
	unsigned long crc;
	char name[64 - sizeof(unsigned long)];
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The exports that modpost found, sorted; *count_ret of them. */
static struct error *read_exports(const struct ko *ko, const char ***ret, size_t *count_ret)
{
	const struct ko_section *section = &ko->sections[ko_find_section(ko, "__versions")];
	size_t count = section->header.sh_size / sizeof(struct version);
	const struct version *versions = (const void *)section->data;
	const char **names = calloc(count + 1, sizeof(*names));

	if (!names)
		return error_nomem();
	for (size_t i = 0; i < count; i++)
		names[i] = versions[i].name;
	qsort(names, count, sizeof(*names), compare_names);
	*ret = names;
	*count_ret = count;
	return NULL;
}

/* Without CONFIG_MODVERSIONS, modpost leaves no record, but looked into the same table. */
static struct error *read_symvers(const struct link_input *in, struct symvers **ret)
{
	struct error *err;
	char *path;

	if (asprintf(&path, "%s/Module.symvers", in->kbuild->tree) < 0)
		return error_nomem();
	err = symvers_open(path, ret);
	free(path);
	return err;
}

static void complain(FILE *file, size_t *count, const char *name)
{
	if ((*count)++ < 12)
		fprintf(file, "\n  %s", name);
}

/* Undefined = exported or a reference, and never both. */
static struct error *check_symbols(const struct link_input *in, const struct ko *ko,
				   struct ref **refs)
{
	bool versions = ko_find_section(ko, "__versions");
	struct symvers *symvers = NULL;
	const char **exports = NULL;
	size_t export_count = 0, count = 0, size;
	char *text = NULL;
	struct error *err;
	FILE *file;

	err = read_exports(ko, &exports, &export_count);
	if (!err && !versions)
		err = read_symvers(in, &symvers);
	file = err ? NULL : open_memstream(&text, &size);
	if (!err && !file)
		err = error_nomem();
	for (size_t i = 1; i < ko->symbol_count && !err; i++) {
		const char *name = ko_symbol_name(ko, i);
		bool exported;

		if (ko->symbols[i].st_shndx != SHN_UNDEF || !*name ||
		    (in->model && !strcmp(name, KLPKIT_LOADER_SYMBOL)))
			continue;
		exported = versions ? bsearch(&name, exports, export_count, sizeof(*exports),
					      compare_names) != NULL
				    : symvers_find(symvers, name) != NULL;
		if (exported == !!refs[i])
			complain(file, &count, name);
	}
	if (file && fclose(file) && !err)
		err = error_nomem();
	if (!err && count)
		err = error_create(EXIT_ERROR,
				   "symbols that nothing will resolve when the patch "
				   "is loaded (%zu):%s",
				   count, text);
	free(text);
	free(exports);
	symvers_destroy(symvers);
	return err;
}

static struct error *check_modinfo(const struct link_input *in, const struct ko *ko)
{
	const char *magic = ko_modinfo(ko, "vermagic"), *depends = ko_modinfo(ko, "depends");
	size_t length = strlen(in->release);

	if (!magic || strncmp(magic, in->release, length) || magic[length] != ' ')
		return error_create(EXIT_ERROR,
				    "the module is for kernel %.*s, not %s: the tree %s "
				    "is prepared for another release",
				    magic ? (int)strcspn(magic, " ") : 9,
				    magic ? magic : "(unknown)", in->release, in->kbuild->tree);
	if (depends && *depends)
		return error_create(EXIT_ERROR,
				    "the module would depend on %s: a symbol of a module "
				    "has to be a reference",
				    depends);
	return NULL;
}

/* Where struct module has its init and exit: they move when the config differs. */
static struct error *same_this_module(const struct ko *ours, const struct ko *stock)
{
	static const char name[] = ".gnu.linkonce.this_module";
	size_t our_index = ko_find_section(ours, name), stock_index = ko_find_section(stock, name);
	const Elf64_Rela *our_relocs, *stock_relocs;
	size_t our_count, stock_count;
	bool same;

	if (!stock_index)
		return error_create(EXIT_ERROR, "%s: not a kernel module", stock->path);
	our_relocs = ko_relocs(&ours->sections[ko_find_relocs(ours, our_index)], &our_count);
	stock_relocs =
		ko_relocs(&stock->sections[ko_find_relocs(stock, stock_index)], &stock_count);
	same = ours->sections[our_index].header.sh_size ==
	       stock->sections[stock_index].header.sh_size;
	/* A stock module may have no exit, never no init before its exit. */
	for (size_t i = 0; i < our_count && i < stock_count; i++)
		same &= our_relocs[i].r_offset == stock_relocs[i].r_offset;
	if (same)
		return NULL;
	return error_create(EXIT_ERROR,
			    "struct module is laid out differently in %s: the tree's "
			    "configuration is not that of the kernel",
			    stock->path);
}

static struct error *check_like_stock(const struct link_input *in, const struct ko *ours)
{
	const char *magic, *stock_magic;
	struct image *image = NULL;
	struct ko *stock = NULL;
	struct error *err;
	const void *elf;
	size_t size;

	if (!in->stock_module)
		return NULL;
	err = image_open(in->stock_module, &image);
	if (err)
		return err;
	elf = image_elf(image, &size);
	err = ko_from_memory(in->stock_module, elf, size, &stock);
	if (!err)
		err = same_this_module(ours, stock);
	if (!err) {
		magic = ko_modinfo(ours, "vermagic");
		stock_magic = ko_modinfo(stock, "vermagic");
		if (!stock_magic || strcmp(magic, stock_magic))
			err = error_create(EXIT_ERROR, "version magic '%s' is not '%s', that of %s",
					   magic, stock_magic ? stock_magic : "", in->stock_module);
	}
	ko_destroy(stock);
	image_destroy(image);
	return err;
}

struct error *link_check_module(const struct link_input *in, const char *path)
{
	struct ref **refs = NULL;
	struct error *err;
	struct ko *ko;

	err = ko_read(path, &ko);
	if (err)
		return err;
	err = refs_find(ko, &refs);
	if (!err)
		err = check_symbols(in, ko, refs);
	if (!err)
		err = check_modinfo(in, ko);
	if (!err)
		err = check_like_stock(in, ko);
	refs_destroy(ko, refs);
	ko_destroy(ko);
	return err;
}
