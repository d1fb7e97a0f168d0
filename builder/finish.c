// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a linked module to a live-patch module.
 *
 *  1. find the references among the undefined symbols (ref.c)
 *  2. number the symbols anew: a used reference is renamed, several of the same become one, an
 *     unused one goes
 *  3. divide each section's relocations into ordinary ones and, by owner, those of the core
 *  4. lay out the sections: those that were there, without KLPKIT_SEC_REFS, then the core's
 *  5. write the file
 */
#include <klpkit/format.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finish.h"
#include "ko-write.h"
#include "ref.h"

#ifndef SHN_LIVEPATCH
#define SHN_LIVEPATCH 0xff20
#endif
#ifndef SHF_RELA_LIVEPATCH
#define SHF_RELA_LIVEPATCH 0x00100000
#endif

/* The core parses names into buffers of this size (MODULE_NAME_LEN, KSYM_NAME_LEN), with NUL. */
#define OBJECT_ROOM 56
#define NAME_ROOM   512

/* Relocations for the core: one section of the result. */
struct part {
	const char *owner;
	size_t target; /* old section index */
	char *name;
	Elf64_Rela *relocs;
	size_t count;
};

struct finish {
	const struct ko *ko;
	struct ref **refs;
	/* 2. */
	bool *symbol_used;
	uint32_t *symbol_map; /* old index to new; 0: gone */
	Elf64_Sym *symbols;
	size_t symbol_count, local_count, converted;
	char *strings;
	size_t strings_size;
	/* 3. */
	Elf64_Rela **ordinary; /* by old index of the SHT_RELA section */
	size_t *ordinary_count;
	struct part *parts;
	size_t part_count;
	/* 4. */
	uint32_t *section_map; /* old index to new; 0: gone */
	struct ko_out_section *sections;
	size_t section_count;
	char *modinfo; /* when it had to grow */
};

static bool is_relocs(const struct ko_section *section)
{
	return section->header.sh_type == SHT_RELA;
}

/* KLPKIT_SEC_REFS and its relocations, which were for us. */
static bool section_is_ours(const struct ko *ko, size_t index)
{
	const struct ko_section *section = &ko->sections[index];

	if (is_relocs(section))
		section = &ko->sections[section->header.sh_info];
	return !strcmp(section->name, KLPKIT_SEC_REFS);
}

/* A vmlinux symbol is there when the patch loads, whoever refers to it; the core insists. */
static const char *ref_owner(const struct ref *ref)
{
	return strcmp(ref->object, "vmlinux") ? ref->owner : "vmlinux";
}

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

		if (!is_relocs(&ko->sections[i]) || section_is_ours(ko, i))
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

static struct error *convert_symbols(struct finish *finish)
{
	FILE *strings = open_memstream(&finish->strings, &finish->strings_size);
	struct error *err;
	void *tree = NULL;

	if (!strings)
		return error_nomem();
	err = number_symbols(finish, strings, &tree);
	tdestroy(tree, named_free);
	if (fclose(strings) && !err)
		err = error_nomem();
	return err;
}

/* What arch/x86/kernel/module.c can apply; 0 for another type. */
static size_t reloc_size(uint32_t type)
{
	switch (type) {
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return 4;
	default:
		return 0;
	}
}

/* The kernel applies a relocation only onto zeros, in memory that still exists by then. */
static struct error *check_reloc(const struct finish *finish, const struct ko_section *target,
				 const Elf64_Rela *reloc, const struct ref *ref)
{
	static const uint8_t zeros[8];
	size_t size = reloc_size(ELF64_R_TYPE(reloc->r_info));
	const char *why = NULL;

	if (!size)
		why = "is of a type that the kernel cannot apply";
	else if (!(target->header.sh_flags & SHF_ALLOC))
		why = "is in a section that is not loaded";
	else if (!target->data || reloc->r_offset > target->header.sh_size - size)
		why = "is not in the section's bytes";
	else if (memcmp(target->data + reloc->r_offset, zeros, size))
		why = "is at bytes that are not zero";
	else if (strcmp(ref_owner(ref), "vmlinux") && !strncmp(target->name, ".init", 5))
		why = "is in init memory, gone when the module arrives";
	if (!why)
		return NULL;
	return error_create(EXIT_ERROR, "%s: the reference to %s of %s at %s+0x%lx %s",
			    finish->ko->path, ref->name, ref->object, target->name,
			    (unsigned long)reloc->r_offset, why);
}

static struct part *part_get(struct finish *finish, size_t first, const char *owner, size_t target)
{
	struct part *parts, *part;
	size_t room;

	for (size_t i = first; i < finish->part_count; i++)
		if (!strcmp(finish->parts[i].owner, owner))
			return &finish->parts[i];
	parts = reallocarray(finish->parts, finish->part_count + 1, sizeof(*parts));
	if (!parts)
		return NULL;
	finish->parts = parts;
	part = &parts[finish->part_count];
	room = finish->ko->sections[ko_find_relocs(finish->ko, target)].header.sh_size;
	*part = (struct part){.owner = owner, .target = target, .relocs = malloc(room)};
	if (!part->relocs || asprintf(&part->name, ".klp.rela.%s.%s", owner,
				      finish->ko->sections[target].name) < 0) {
		free(part->relocs);
		return NULL;
	}
	finish->part_count++;
	return part;
}

static struct error *divide_section(struct finish *finish, size_t index)
{
	const struct ko_section *section = &finish->ko->sections[index];
	size_t count, kept = 0, first = finish->part_count;
	const Elf64_Rela *relocs = ko_relocs(section, &count);
	size_t target = section->header.sh_info;
	struct error *err;

	finish->ordinary[index] = calloc(count + 1, sizeof(*relocs));
	if (!finish->ordinary[index])
		return error_nomem();
	for (size_t i = 0; i < count; i++) {
		uint32_t old = ELF64_R_SYM(relocs[i].r_info);
		const struct ref *ref = finish->refs[old];
		Elf64_Rela reloc = relocs[i];
		struct part *part;

		if (old && !finish->symbol_map[old])
			return error_create(EXIT_ERROR, "%s: %s refers to %s", finish->ko->path,
					    section->name, KLPKIT_SEC_REFS);
		reloc.r_info =
			ELF64_R_INFO((uint64_t)finish->symbol_map[old], ELF64_R_TYPE(reloc.r_info));
		if (!ref) {
			finish->ordinary[index][kept++] = reloc;
			continue;
		}
		err = check_reloc(finish, &finish->ko->sections[target], &reloc, ref);
		if (err)
			return err;
		part = part_get(finish, first, ref_owner(ref), target);
		if (!part)
			return error_nomem();
		part->relocs[part->count++] = reloc;
	}
	finish->ordinary_count[index] = kept;
	return NULL;
}

static struct error *divide_relocs(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err = NULL;

	for (size_t i = 1; i < ko->section_count && !err; i++)
		if (is_relocs(&ko->sections[i]) && !section_is_ours(ko, i))
			err = divide_section(finish, i);
	return err;
}

static bool section_goes(const struct finish *finish, size_t index)
{
	const struct ko_section *section = &finish->ko->sections[index];

	if (section_is_ours(finish->ko, index))
		return true;
	/* Those that all became the core's. An empty one that was there stays. */
	return is_relocs(section) && section->header.sh_size && !finish->ordinary_count[index];
}

static void set_data(struct ko_out_section *section, const void *data, size_t size)
{
	section->data = data;
	section->header.sh_size = size;
}

static struct error *keep_section(struct finish *finish, size_t index)
{
	const struct ko *ko = finish->ko;
	const struct ko_section *old = &ko->sections[index];
	struct ko_out_section *section = &finish->sections[finish->section_map[index]];

	if (old->header.sh_type == SHT_GROUP || old->header.sh_type == SHT_SYMTAB_SHNDX)
		return error_create(EXIT_ERROR, "%s: section %s is of a kind that no module has",
				    ko->path, old->name);
	section->name = old->name;
	section->header = old->header;
	section->data = old->data;
	section->header.sh_link = finish->section_map[old->header.sh_link];
	if (old->header.sh_link && !section->header.sh_link)
		return error_create(EXIT_ERROR, "%s: section %s belongs to %s", ko->path, old->name,
				    KLPKIT_SEC_REFS);
	if (is_relocs(old)) {
		section->header.sh_info = finish->section_map[old->header.sh_info];
		set_data(section, finish->ordinary[index],
			 finish->ordinary_count[index] * sizeof(Elf64_Rela));
	}
	if (index == ko->symtab) {
		section->header.sh_info = finish->local_count;
		set_data(section, finish->symbols, finish->symbol_count * sizeof(Elf64_Sym));
	}
	if (index == ko->strtab)
		set_data(section, finish->strings, finish->strings_size);
	return NULL;
}

static void add_part(struct finish *finish, const struct part *part)
{
	struct ko_out_section *section = &finish->sections[finish->section_count++];

	section->name = part->name;
	section->data = part->relocs;
	section->header = (Elf64_Shdr){
		.sh_type = SHT_RELA,
		.sh_flags = SHF_ALLOC | SHF_INFO_LINK | SHF_RELA_LIVEPATCH,
		.sh_size = part->count * sizeof(Elf64_Rela),
		.sh_link = finish->section_map[finish->ko->symtab],
		.sh_info = finish->section_map[part->target],
		.sh_addralign = 8,
		.sh_entsize = sizeof(Elf64_Rela),
	};
}

/* Section numbers in the symbols, now that these are known. */
static void renumber_symbols(struct finish *finish)
{
	for (size_t i = 1; i < finish->symbol_count; i++) {
		Elf64_Sym *symbol = &finish->symbols[i];

		if (symbol->st_shndx < SHN_LORESERVE)
			symbol->st_shndx = finish->section_map[symbol->st_shndx];
	}
}

/* The mark of a live-patch module; the glue brings it, another module may not have it. */
static struct error *mark_livepatch(struct finish *finish)
{
	static const char mark[] = "livepatch=Y";
	size_t old = ko_find_section(finish->ko, ".modinfo");
	struct ko_out_section *section = &finish->sections[finish->section_map[old]];
	size_t size = section->header.sh_size;

	if (!old)
		return error_create(EXIT_ERROR, "%s: not a module: no .modinfo", finish->ko->path);
	if (ko_modinfo(finish->ko, "livepatch"))
		return NULL;
	finish->modinfo = malloc(size + sizeof(mark));
	if (!finish->modinfo)
		return error_nomem();
	if (size)
		memcpy(finish->modinfo, section->data, size);
	memcpy(finish->modinfo + size, mark, sizeof(mark));
	set_data(section, finish->modinfo, size + sizeof(mark));
	return NULL;
}

static struct error *lay_out(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err = NULL;

	finish->sections =
		calloc(ko->section_count + finish->part_count, sizeof(*finish->sections));
	if (!finish->sections)
		return error_nomem();
	finish->section_count = 1;
	for (size_t i = 1; i < ko->section_count; i++)
		if (!section_goes(finish, i))
			finish->section_map[i] = finish->section_count++;
	for (size_t i = 1; i < ko->section_count && !err; i++)
		if (finish->section_map[i])
			err = keep_section(finish, i);
	for (size_t i = 0; i < finish->part_count && !err; i++)
		add_part(finish, &finish->parts[i]);
	if (!err)
		err = mark_livepatch(finish);
	renumber_symbols(finish);
	return err;
}

static struct error *make_report(const struct finish *finish, struct finish_report *ret)
{
	struct finish_report report = {.symbols = finish->converted};

	report.parts = calloc(finish->part_count + 1, sizeof(*report.parts));
	if (!report.parts)
		return error_nomem();
	for (size_t i = 0; i < finish->part_count; i++) {
		const struct part *part = &finish->parts[i];
		struct finish_part *out = &report.parts[report.part_count++];

		out->owner = strdup(part->owner);
		out->section = strdup(finish->ko->sections[part->target].name);
		out->relocs = part->count;
		report.relocs += part->count;
		if (!out->owner || !out->section) {
			finish_report_release(&report);
			return error_nomem();
		}
	}
	*ret = report;
	return NULL;
}

static struct error *finish_allocate(struct finish *finish)
{
	const struct ko *ko = finish->ko;

	finish->symbol_used = calloc(ko->symbol_count, sizeof(*finish->symbol_used));
	finish->symbol_map = calloc(ko->symbol_count, sizeof(*finish->symbol_map));
	finish->symbols = calloc(ko->symbol_count, sizeof(*finish->symbols));
	finish->ordinary = calloc(ko->section_count, sizeof(*finish->ordinary));
	finish->ordinary_count = calloc(ko->section_count, sizeof(*finish->ordinary_count));
	finish->section_map = calloc(ko->section_count, sizeof(*finish->section_map));
	if (!finish->symbol_used || !finish->symbol_map || !finish->symbols || !finish->ordinary ||
	    !finish->ordinary_count || !finish->section_map)
		return error_nomem();
	return NULL;
}

static void finish_release(struct finish *finish)
{
	refs_destroy(finish->ko, finish->refs);
	free(finish->symbol_used);
	free(finish->symbol_map);
	free(finish->symbols);
	free(finish->strings);
	for (size_t i = 0; finish->ordinary && i < finish->ko->section_count; i++)
		free(finish->ordinary[i]);
	free(finish->ordinary);
	free(finish->ordinary_count);
	for (size_t i = 0; i < finish->part_count; i++) {
		free(finish->parts[i].name);
		free(finish->parts[i].relocs);
	}
	free(finish->parts);
	free(finish->section_map);
	free(finish->sections);
	free(finish->modinfo);
}

static struct error *finish_convert(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err;

	if (ko->strtab == ko->shstrtab)
		return error_create(EXIT_ERROR, "%s: symbols and sections share their names",
				    ko->path);
	err = finish_allocate(finish);
	if (!err)
		err = refs_find(ko, &finish->refs);
	if (!err)
		err = mark_used(finish);
	if (!err)
		err = convert_symbols(finish);
	if (!err)
		err = divide_relocs(finish);
	if (!err)
		err = lay_out(finish);
	return err;
}

struct error *finish_module(const char *in_ko, const char *out_ko, struct finish_report *ret)
{
	struct finish_report report = {0};
	struct finish finish = {0};
	struct ko *ko;
	struct error *err = ko_read(in_ko, &ko);

	if (err)
		return err;
	finish.ko = ko;
	err = finish_convert(&finish);
	if (!err && ret)
		err = make_report(&finish, &report);
	if (!err)
		err = ko_write(out_ko, &ko->header, finish.sections, finish.section_count,
			       finish.section_map[ko->shstrtab]);
	if (!err && ret)
		*ret = report;
	else
		finish_report_release(&report);
	finish_release(&finish);
	ko_destroy(ko);
	return err;
}

void finish_report_release(struct finish_report *report)
{
	for (size_t i = 0; i < report->part_count; i++) {
		free(report->parts[i].owner);
		free(report->parts[i].section);
	}
	free(report->parts);
	memset(report, 0, sizeof(*report));
}
