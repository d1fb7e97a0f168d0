// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cuts the special sections into entries and gives each to the unit whose code it describes.
 * In: model->units, model->classes. Out: model->entries, by owner; unit->entry_first, _count;
 * model->entry_sizes.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Sizes: include/linux/bug.h, arch/x86/include/asm/{extable,jump_label,alternative,orc_types}.h and
 * others, as they were from 5.10 to 6.12. */
const struct special special_table[SPECIAL_COUNT] = {
	[SPECIAL_BUG] = { .name = "__bug_table", .size_env = "BUG_STRUCT_SIZE",
			  .type = "bug_entry", .sizes = { 12, 16, 8 },
			  .line_at = 8, .key_at = -1, .compared = true },
	[SPECIAL_EXTABLE] = { .name = "__ex_table", .size_env = "EX_STRUCT_SIZE",
			      .type = "exception_table_entry", .sizes = { 12 },
			      .key_at = -1, .compared = true },
	[SPECIAL_JUMP] = { .name = "__jump_table", .size_env = "JUMP_STRUCT_SIZE",
			   .type = "jump_entry", .sizes = { 16 },
			   .key_at = 8, .compared = true },
	/* 14 since 6.3 (a word of flags) */
	[SPECIAL_ALT] = { .name = ".altinstructions", .size_env = "ALT_STRUCT_SIZE",
			  .type = "alt_instr", .sizes = { 14, 12, 13 }, .key_at = -1, .compared = true },
	/* gone since 6.8 */
	[SPECIAL_PARA] = { .name = ".parainstructions", .size_env = "PARA_STRUCT_SIZE",
			   .type = "paravirt_patch_site", .sizes = { 16 }, .key_at = -1,
			   .compared = true },
	[SPECIAL_STATIC_CALL] = { .name = ".static_call_sites",
				  .size_env = "STATIC_CALL_STRUCT_SIZE",
				  .type = "static_call_site", .sizes = { 8 },
				  .key_at = 4, .compared = true },
	[SPECIAL_SMP_LOCKS] = { .name = ".smp_locks", .sizes = { 4 }, .key_at = -1 },
	[SPECIAL_RETPOLINE] = { .name = ".retpoline_sites", .sizes = { 4 }, .key_at = -1 },
	[SPECIAL_RETURN] = { .name = ".return_sites", .sizes = { 4 }, .key_at = -1 },
	[SPECIAL_CALL] = { .name = ".call_sites", .sizes = { 4 }, .key_at = -1 },
	/*
	 * Lists ENDBRs to overwrite. A function whose address nothing took in its own object may
	 * have it taken by another object of the patch: objtool decides on the linked module.
	 */
	[SPECIAL_ENDBR_SEAL] = { .name = ".ibt_endbr_seal", .sizes = { 4 }, .key_at = -1,
				 .dropped = true },
	[SPECIAL_CFI] = { .name = ".cfi_sites", .sizes = { 4 }, .key_at = -1 },
	[SPECIAL_ORC] = { .name = ".orc_unwind_ip", .size_env = "ORC_STRUCT_SIZE", .sizes = { 4 },
			  .key_at = -1, .parallel = ".orc_unwind", .parallel_size = 6 },
	[SPECIAL_MCOUNT] = { .name = "__mcount_loc", .sizes = { 8 }, .key_at = -1 },
	[SPECIAL_PATCHABLE] = { .name = "__patchable_function_entries", .sizes = { 8 },
				.key_at = -1 },
	[SPECIAL_KPROBE_BLACKLIST] = { .name = "_kprobe_blacklist", .sizes = { 8 }, .key_at = -1 },
	[SPECIAL_DISCARD] = { .name = ".discard.", .sizes = { 4, 8, 12 }, .key_at = -1 },
	/* since 6.11; a section a constant */
	[SPECIAL_RUNTIME_CONST] = { .name = "a runtime constant", .sizes = { 4 }, .key_at = -1,
				    .compared = true },
};

/* Where in which section a field of an entry points to. */
static bool entry_target(const struct object *object, const struct reloc *reloc,
			 uint32_t *section_ret, uint64_t *offset_ret)
{
	const struct symbol *symbol = &object->symbols[reloc->symbol];

	if (!symbol_is_defined(object, symbol))
		return false;
	*section_ret = symbol->section;
	*offset_ret = symbol->value + (uint64_t)reloc->addend;
	return true;
}

/* Gives the entry to its owner; those that point into a replacement wait for the second pass. */
static void entry_find_owner(const struct model *model, struct entry *entry)
{
	const struct section *section = &model->object->sections[entry->section];
	const struct reloc *reloc = &section->relocs[entry->reloc_first];
	uint64_t offset;
	uint32_t target;

	entry->owner = UNIT_NONE;
	if (!entry_target(model->object, reloc, &target, &offset) ||
	    model->classes[target] != CLASS_CODE)
		return;
	entry->owner = model_unit_at(model, target, offset);
	if (entry->owner != UNIT_NONE)
		entry->owner_offset = offset - model->units.items[entry->owner].start;
}

static struct error *entries_cut_section(struct model *model, uint32_t index)
{
	const struct section *section = &model->object->sections[index];
	uint64_t size = 0, at;
	uint32_t next = 0;
	struct error *err;

	if (!section->size)
		return NULL;
	if (!section->data)
		return error_create(EXIT_ERROR, "%s is corrupt: %s has no contents",
				    model->object->path, section->name);
	err = model_entry_size(model, index, &size);
	if (err)
		return err;
	model->entry_sizes[index] = size;
	for (at = 0; at < section->size; at += size) {
		struct entry *entry = array_add(&model->entries);

		if (!entry)
			return error_nomem();
		entry->special = model->specials[index];
		entry->section = index;
		entry->offset = at;
		entry->size = size;
		entry->index = (uint32_t)(at / size);
		while (next < section->reloc_count && section->relocs[next].offset < at)
			next++;
		entry->reloc_first = next;
		while (next < section->reloc_count && section->relocs[next].offset < at + size)
			next++;
		entry->reloc_count = next - entry->reloc_first;
		entry_find_owner(model, entry);
	}
	return NULL;
}

/* The replacement that an .altinstructions entry names: the second field, the last byte. */
static bool entry_replacement(const struct model *model, const struct entry *entry,
			      uint32_t *section_ret, uint64_t *offset_ret, uint64_t *size_ret)
{
	const struct section *section = &model->object->sections[entry->section];

	if (entry->special != SPECIAL_ALT || entry->reloc_count < 2)
		return false;
	*size_ret = section->data[entry->offset + entry->size - 1];
	return entry_target(model->object, &section->relocs[entry->reloc_first + 1], section_ret,
			    offset_ret);
}

/* An entry about an instruction of a replacement belongs to the replacement's owner. */
static void entries_adopt(struct model *model)
{
	size_t i, j;

	for (i = 0; i < model->entries.count; i++) {
		struct entry *entry = &model->entries.items[i];
		const struct section *section = &model->object->sections[entry->section];
		uint64_t where, start = 0, size = 0;
		uint32_t target, side = 0;

		if (entry->owner != UNIT_NONE ||
		    !entry_target(model->object, &section->relocs[entry->reloc_first], &target,
				  &where) ||
		    model->classes[target] != CLASS_SIDE)
			continue;
		for (j = 0; j < model->entries.count; j++) {
			const struct entry *alt = &model->entries.items[j];

			if (alt->owner == UNIT_NONE ||
			    !entry_replacement(model, alt, &side, &start, &size) ||
			    side != target || where < start || where >= start + size)
				continue;
			entry->owner = alt->owner;
			entry->owner_offset = alt->owner_offset;
			break;
		}
	}
}

static int entry_compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	if (a->special != b->special)
		return a->special < b->special ? -1 : 1;
	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->owner_offset != b->owner_offset)
		return a->owner_offset < b->owner_offset ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct error *model_cut_entries(struct model *model)
{
	size_t i;

	for (i = 1; i < model->object->section_count; i++) {
		struct error *err;

		if (model->classes[i] != CLASS_SPECIAL)
			continue;
		err = entries_cut_section(model, (uint32_t)i);
		if (err)
			return err;
	}
	entries_adopt(model);
	if (model->entries.count)
		qsort(model->entries.items, model->entries.count, sizeof(*model->entries.items),
		      entry_compare);
	for (i = 0; i < model->entries.count; i++) {
		struct unit *unit;

		if (model->entries.items[i].owner == UNIT_NONE)
			break;
		unit = &model->units.items[model->entries.items[i].owner];
		if (!unit->entry_count)
			unit->entry_first = (uint32_t)i;
		unit->entry_count++;
	}
	return NULL;
}
