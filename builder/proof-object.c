// SPDX-License-Identifier: GPL-2.0-or-later
/* In: a relocatable file. Out: its sections with their relocations and symbols in order. */
#include <stdlib.h>
#include <string.h>

#include "proof-object.h"

#define KLP_RELA ".klp.rela."
#define SITE(section, offset) ((uint64_t)(section) << 40 | (offset))

bool proof_reloc_is_relative(uint32_t type)
{
	return type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64;
}

unsigned int proof_reloc_width(uint32_t type)
{
	switch (type) {
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
	case R_X86_64_32:
	case R_X86_64_32S:
		return 4;
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	default:
		return 0;
	}
}

bool proof_symbol_defined(const struct proof_object *object, uint32_t symbol)
{
	uint32_t section = object->symbols[symbol].section;

	return section != SHN_UNDEF && section < object->section_count;
}

bool proof_place_equal(const struct proof_place *a, const struct proof_place *b)
{
	return a->space == b->space && a->value == b->value &&
	       (a->space == PLACE_LINKED || a->index == b->index);
}

struct proof_place proof_symbol_place(const struct proof_object *object, uint32_t symbol)
{
	const struct proof_symbol *s = &object->symbols[symbol];

	if (proof_symbol_defined(object, symbol))
		return (struct proof_place){ PLACE_SECTION, s->section, s->value };
	return (struct proof_place){ PLACE_UNDEFINED, symbol, 0 };
}

struct proof_place proof_reloc_place(const struct proof_object *object,
				     const struct proof_reloc *reloc, int64_t bias)
{
	struct proof_place place = proof_symbol_place(object, reloc->symbol);

	place.value += (uint64_t)reloc->addend + (uint64_t)bias;
	return place;
}

uint32_t proof_symbol_at(const struct proof_object *object, const struct proof_place *place,
			 int64_t *offset_ret)
{
	const struct proof_section *section;
	uint32_t low = 0, high;

	if (place->space == PLACE_UNDEFINED) {
		*offset_ret = (int64_t)place->value;
		return place->index;
	}
	section = &object->sections[place->index];
	high = section->symbol_count;
	if (!high)
		return 0;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if ((int64_t)object->symbols[section->symbols[middle]].value <=
		    (int64_t)place->value)
			low = middle + 1;
		else
			high = middle;
	}
	/* "array[i - 5]" is before the first */
	low -= low > 0;
	*offset_ret = (int64_t)(place->value - object->symbols[section->symbols[low]].value);
	return section->symbols[low];
}

uint32_t proof_first_reloc(const struct proof_section *section, uint64_t offset)
{
	uint32_t low = 0, high = section->reloc_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (section->relocs[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t proof_find_section(const struct proof_object *object, const char *name)
{
	for (uint32_t i = 1; i < object->section_count; i++)
		if (!strcmp(object->sections[i].name, name))
			return i;
	return 0;
}

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

bool proof_is_nop_site(const struct proof_object *object, uint32_t section, uint64_t offset)
{
	uint64_t site = SITE(section, offset);

	return object->nop_site_count && bsearch(&site, object->nop_sites, object->nop_site_count,
						 sizeof(site), by_number);
}

static int by_offset(const void *left, const void *right)
{
	const struct proof_reloc *a = left, *b = right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

static struct error *read_relocs(struct proof_object *object, const struct ko_section *from)
{
	struct proof_section *to = &object->sections[from->header.sh_info];
	size_t count, room = to->reloc_count;
	const Elf64_Rela *relocs = ko_relocs(from, &count);
	struct proof_reloc *all = reallocarray(to->relocs, room + count + 1, sizeof(*all));

	if (!all)
		return error_nomem();
	to->relocs = all;
	for (size_t i = 0; i < count; i++) {
		struct proof_reloc *reloc = &all[to->reloc_count++];

		*reloc = (struct proof_reloc){
			.offset = relocs[i].r_offset,
			.addend = relocs[i].r_addend,
			.type = ELF64_R_TYPE(relocs[i].r_info),
			.symbol = ELF64_R_SYM(relocs[i].r_info),
		};
		if (!strncmp(from->name, KLP_RELA, strlen(KLP_RELA)))
			reloc->owner = from->name + strlen(KLP_RELA);
		if (reloc->offset + proof_reloc_width(reloc->type) > to->size)
			return error_create(EXIT_ERROR,
					    "%s: a relocation of %s reaches out of its section",
					    object->path, to->name);
	}
	return NULL;
}

static struct error *read_sections(struct proof_object *object)
{
	const struct ko *ko = object->ko;
	struct error *err = NULL;

	object->section_count = (uint32_t)ko->section_count;
	object->sections = calloc(ko->section_count, sizeof(*object->sections));
	if (!object->sections)
		return error_nomem();
	for (size_t i = 0; i < ko->section_count; i++) {
		const struct ko_section *from = &ko->sections[i];

		object->sections[i].name = from->name;
		object->sections[i].data = from->data;
		object->sections[i].size = from->header.sh_size;
		object->sections[i].flags = from->header.sh_flags;
		object->sections[i].type = from->header.sh_type;
	}
	for (size_t i = 1; !err && i < ko->section_count; i++) {
		const struct ko_section *from = &ko->sections[i];

		/* Nothing here looks at debug information. */
		if (from->header.sh_type == SHT_RELA &&
		    strncmp(from->name, ".rela.debug", strlen(".rela.debug")))
			err = read_relocs(object, from);
	}
	for (size_t i = 1; !err && i < ko->section_count; i++)
		if (object->sections[i].reloc_count)
			qsort(object->sections[i].relocs, object->sections[i].reloc_count,
			      sizeof(struct proof_reloc), by_offset);
	return err;
}

static bool is_named(const struct proof_symbol *symbol)
{
	return symbol->type != STT_SECTION && symbol->type != STT_FILE && symbol->name[0];
}

static int by_value(const void *left, const void *right, void *data)
{
	const struct proof_object *object = data;
	uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
	const struct proof_symbol *a = &object->symbols[l], *b = &object->symbols[r];

	if (a->value != b->value)
		return a->value > b->value ? 1 : -1;
	if (!a->size != !b->size)
		return a->size ? 1 : -1;
	/* of aliases, the global one */
	if ((a->bind == STB_LOCAL) != (b->bind == STB_LOCAL))
		return a->bind == STB_LOCAL ? -1 : 1;
	return (l > r) - (l < r);
}

static struct error *sort_symbols(struct proof_object *object)
{
	for (uint32_t i = 1; i < object->symbol_count; i++)
		if (proof_symbol_defined(object, i) && is_named(&object->symbols[i]))
			object->sections[object->symbols[i].section].symbol_count++;
	for (uint32_t i = 1; i < object->section_count; i++) {
		struct proof_section *section = &object->sections[i];

		section->symbols = calloc(section->symbol_count + 1u, sizeof(uint32_t));
		section->symbol_count = 0;
		if (!section->symbols)
			return error_nomem();
	}
	for (uint32_t i = 1; i < object->symbol_count; i++) {
		struct proof_section *section;

		if (!proof_symbol_defined(object, i) || !is_named(&object->symbols[i]))
			continue;
		section = &object->sections[object->symbols[i].section];
		section->symbols[section->symbol_count++] = i;
	}
	for (uint32_t i = 1; i < object->section_count; i++)
		qsort_r(object->sections[i].symbols, object->sections[i].symbol_count,
			sizeof(uint32_t), by_value, object);
	return NULL;
}

static struct error *read_symbols(struct proof_object *object)
{
	const struct ko *ko = object->ko;

	object->symbol_count = (uint32_t)ko->symbol_count;
	object->symbols = calloc(ko->symbol_count, sizeof(*object->symbols));
	if (!object->symbols)
		return error_nomem();
	for (uint32_t i = 0; i < object->symbol_count; i++) {
		const Elf64_Sym *from = &ko->symbols[i];

		object->symbols[i] = (struct proof_symbol){
			.name = ko_symbol_name(ko, i),
			.value = from->st_value,
			.size = from->st_size,
			.section = from->st_shndx,
			.type = ELF64_ST_TYPE(from->st_info),
			.bind = ELF64_ST_BIND(from->st_info),
		};
	}
	return name_index_init(&object->names, object->symbols, object->symbol_count,
			       sizeof(*object->symbols)) ?: sort_symbols(object);
}

/*
 * Entries of __jump_table are code, target, key: 4, 4 and 8 bytes. Bit 1 of the key says that the
 * jump is to be a no-op (arch/x86/include/asm/jump_label.h), which objtool makes of it.
 */
static struct error *find_nop_sites(struct proof_object *object)
{
	const struct proof_section *table;
	uint32_t index = proof_find_section(object, "__jump_table");

	if (!index)
		return NULL;
	table = &object->sections[index];
	object->nop_sites = calloc(table->reloc_count / 3 + 1, sizeof(*object->nop_sites));
	if (!object->nop_sites)
		return error_nomem();
	for (uint32_t i = 0; i + 2 < table->reloc_count; i += 3) {
		struct proof_place code = proof_reloc_place(object, &table->relocs[i], 0);

		if (code.space == PLACE_SECTION && table->relocs[i + 2].addend & 2)
			object->nop_sites[object->nop_site_count++] = SITE(code.index, code.value);
	}
	qsort(object->nop_sites, object->nop_site_count, sizeof(*object->nop_sites), by_number);
	return NULL;
}

bool proof_jump_label_at(const struct proof_object *object, uint32_t section, uint64_t offset,
			 struct proof_jump_label *ret)
{
	uint32_t index = proof_find_section(object, "__jump_table");
	const struct proof_section *table = &object->sections[index];

	for (uint32_t i = 0; index && i + 2 < table->reloc_count; i += 3) {
		struct proof_place code = proof_reloc_place(object, &table->relocs[i], 0);

		if (code.space != PLACE_SECTION || code.index != section || code.value != offset)
			continue;
		ret->target = proof_reloc_place(object, &table->relocs[i + 1], 0);
		ret->key = proof_reloc_place(object, &table->relocs[i + 2], 0);
		ret->key.value &= ~(uint64_t)3;
		ret->jumps_off = table->relocs[i + 2].addend & 1;
		return true;
	}
	return false;
}

static struct error *proof_object_take(const char *path, struct ko *ko, struct proof_object **ret)
{
	struct proof_object *object = calloc(1, sizeof(*object));
	struct error *err;

	if (!object) {
		ko_destroy(ko);
		return error_nomem();
	}
	object->path = path;
	object->ko = ko;
	err = read_sections(object);
	if (!err)
		err = read_symbols(object);
	if (!err)
		err = find_nop_sites(object);
	if (err)
		proof_object_destroy(object);
	else
		*ret = object;
	return err;
}

struct error *proof_object_read(const char *path, struct proof_object **ret)
{
	struct ko *ko;
	struct error *err = ko_read(path, &ko);

	return err ?: proof_object_take(path, ko, ret);
}

struct error *proof_object_from(const char *path, const void *data, size_t size,
				struct proof_object **ret)
{
	struct ko *ko;
	struct error *err = ko_from_memory(path, data, size, &ko);

	return err ?: proof_object_take(path, ko, ret);
}

void proof_object_destroy(struct proof_object *object)
{
	if (!object)
		return;
	for (uint32_t i = 0; object->sections && i < object->section_count; i++) {
		free(object->sections[i].relocs);
		free(object->sections[i].symbols);
	}
	free(object->sections);
	free(object->symbols);
	name_index_deinit(&object->names);
	free(object->nop_sites);
	ko_destroy(object->ko);
	free(object);
}
