// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Emits the entries of special sections that belong to carried code.
 * In: the places of the carried units. Out: the special sections, cut to them.
 */
#include <string.h>

#include <klpkit/format.h>
#include "emit.h"

/* struct jump_entry: its second field, and what the lowest bits of its key say (include/linux/jump_label.h) */
#define LABEL_TARGET_AT 4
#define LABEL_TRUE 1
#define LABEL_FLAGS 3

static struct error *emit_side_relocs(struct emission *emission, const struct side_copy *side)
{
	const struct section *section = &emission->model->object->sections[side->section];
	uint32_t i;

	for (i = 0; i < section->reloc_count; i++) {
		const struct reloc *reloc = &section->relocs[i];
		struct error *err;

		if (reloc->offset < side->start || reloc->offset >= side->start + side->size)
			continue;
		err = emit_reloc(emission, side->section, i, side->out_section,
				 side->out_start + (reloc->offset - side->start), false);
		if (err)
			return err;
	}
	return NULL;
}

/* The replacement instructions of an .altinstructions entry. */
static struct error *emit_side(struct emission *emission, const struct entry *entry,
			       struct side_copy *side)
{
	const struct object *object = emission->model->object;
	const struct section *table = &object->sections[entry->section], *section;
	const struct reloc *field = &table->relocs[entry->reloc_first + 1];
	const struct symbol *symbol = &object->symbols[field->symbol];
	struct side_copy *place;

	if (symbol->section >= object->section_count)
		return error_create(EXIT_ERROR, "%s is corrupt: an alternative has no replacement",
				    object->path);
	section = &object->sections[symbol->section];
	side->section = symbol->section;
	side->start = symbol->value + (uint64_t)field->addend;
	side->size = table->data[entry->offset + entry->size - 1];
	if (side->start > section->size || side->size > section->size - side->start)
		return error_create(EXIT_ERROR,
				    "%s is corrupt: a replacement lies outside of %s",
				    object->path, section->name);
	side->out_section = elf_writer_shared(emission->writer, section->name, section->type,
					      section->flags, section->align, section->entsize);
	if (!side->out_section)
		return error_nomem();
	side->out_start = elf_writer_append(emission->writer, side->out_section,
					    section->data ? section->data + side->start : NULL,
					    side->size, 1, 0);
	place = array_add(&emission->sides);
	if (side->out_start == UINT64_MAX || !place)
		return error_nomem();
	*place = *side;
	return emit_side_relocs(emission, side);
}

/* A field that points into a replacement: to its copy. */
static struct error *emit_field_to_side(struct emission *emission, const struct reloc *reloc,
					uint64_t target, uint32_t target_section, uint32_t out,
					uint64_t at)
{
	size_t i;

	for (i = emission->sides.count; i-- > 0;) {
		const struct side_copy *side = &emission->sides.items[i];

		if (side->section != target_section || target < side->start ||
		    (target >= side->start + side->size && target != side->start))
			continue;
		if (!elf_writer_reloc(
			    emission->writer, out, at, reloc->type,
			    emission->writer->sections.items[side->out_section].symbol,
			    (int64_t)(side->out_start + (target - side->start))))
			return error_nomem();
		return NULL;
	}
	return error_create(EXIT_ERROR, "%s is corrupt: an entry points to no replacement",
			    emission->model->object->path);
}

static struct error *emit_field(struct emission *emission, const struct entry *entry,
				uint32_t index, uint32_t out, uint64_t out_start)
{
	const struct object *object = emission->model->object;
	const struct reloc *reloc = &object->sections[entry->section].relocs[index];
	const struct symbol *symbol = &object->symbols[reloc->symbol];
	uint64_t at = out_start + (reloc->offset - entry->offset);

	if (symbol_is_defined(object, symbol) &&
	    emission->model->classes[symbol->section] == CLASS_SIDE)
		return emit_field_to_side(emission, reloc,
					  symbol->value + (uint64_t)reloc->addend, symbol->section,
					  out, at);
	return emit_reloc(emission, entry->section, index, out, at, true);
}

/* How many sections before this one have its name: objects linked with their sections apart. */
static size_t count_before(const struct object *object, uint32_t index)
{
	size_t count = 0;

	for (uint32_t i = 1; i < index; i++)
		count += !strcmp(object->sections[i].name, object->sections[index].name);
	return count;
}

/* The record beside the entry in a parallel section: .orc_unwind beside .orc_unwind_ip. */
static struct error *emit_parallel(struct emission *emission, const struct entry *entry)
{
	const struct special *special = &special_table[entry->special];
	const struct object *object = emission->model->object;
	size_t i, before = count_before(object, entry->section);

	for (i = 1; i < object->section_count; i++) {
		const struct section *section = &object->sections[i];
		uint64_t at = (uint64_t)entry->index * special->parallel_size;
		uint32_t out;

		if (strcmp(section->name, special->parallel) || before--)
			continue;
		if (!section->data || at + special->parallel_size > section->size)
			return error_create(EXIT_ERROR, "%s is corrupt: %s is too short",
					    object->path, section->name);
		out = elf_writer_shared(emission->writer, section->name, section->type,
					section->flags, section->align, section->entsize);
		if (!out || elf_writer_append(emission->writer, out, section->data + at,
					      special->parallel_size, 1, 0) == UINT64_MAX)
			return error_nomem();
		return NULL;
	}
	return error_create(EXIT_ERROR, "%s is corrupt: it has no %s", object->path,
			    special->parallel);
}

/* The key's lowest bits say which way the branch goes, and what objtool is to make of it. */
static struct error *emit_never(struct emission *emission, const struct reloc *reloc,
				uint32_t out, uint64_t at)
{
	const struct target never = { .kind = TARGET_PLAIN, .name = KLPKIT_NEVER };
	uint32_t symbol;
	struct error *err = emit_outside(emission, &never, &symbol);

	if (!err && !elf_writer_reloc(emission->writer, out, at, reloc->type, symbol,
				      reloc->addend & 3))
		err = error_nomem();
	return err;
}

static struct error *emit_entry(struct emission *emission, const struct entry *entry,
				enum entry_fate fate)
{
	const struct section *section = &emission->model->object->sections[entry->section];
	struct side_copy side;
	struct error *err = NULL;
	uint64_t out_start;
	uint32_t out, i;

	if (entry->special == SPECIAL_ALT && entry->reloc_count > 1)
		err = emit_side(emission, entry, &side);
	if (err)
		return err;
	out = elf_writer_shared(emission->writer, section->name, section->type, section->flags,
				section->align, section->entsize);
	if (!out)
		return error_nomem();
	/* gcc's needs a text section to be ordered by: that of its first owner */
	if ((section->flags & SHF_LINK_ORDER) && !emission->writer->sections.items[out].link)
		emission->writer->sections.items[out].link = emission->section[entry->owner];
	out_start = elf_writer_append(emission->writer, out, section->data + entry->offset,
				      entry->size, 1, 0);
	if (out_start == UINT64_MAX)
		return error_nomem();
	for (i = 0; !err && i < entry->reloc_count; i++) {
		uint32_t index = entry->reloc_first + i;
		const struct reloc *reloc = &section->relocs[index];
		uint64_t field = reloc->offset - entry->offset;

		memset(emission->writer->sections.items[out].data + out_start + field, 0,
		       reloc_width(reloc->type));
		if (fate == ENTRY_NEVER && field == (uint64_t)special_table[entry->special].key_at)
			err = emit_never(emission, reloc, out, out_start + field);
		else
			err = emit_field(emission, entry, index, out, out_start);
	}
	if (!err && special_table[entry->special].parallel)
		err = emit_parallel(emission, entry);
	return err;
}

/* movabs $placeholder, %reg becomes mov variable(%rip), %reg and a no-op; see select-runtime.c. */
static struct error *emit_runtime_constant(struct emission *emission, const struct entry *entry)
{
	struct target target = runtime_constant_target(emission->selection, entry);
	uint32_t out = emission->section[entry->owner], symbol;
	uint64_t at = emission_at(emission, entry->owner, entry->owner_offset) - 2;
	uint8_t *code = emission->writer->sections.items[out].data + at;
	uint8_t reg = code[1] & 7, high = code[0] & 1;
	const uint8_t load[] = { (uint8_t)(0x48 | high << 2), 0x8b, (uint8_t)(reg << 3 | 5), 0, 0,
				 0, 0, 0x0f, 0x1f, 0x00 };
	struct error *err;

	if (target.kind != TARGET_PLAIN && target.kind != TARGET_KLP)
		return error_create(EXIT_ERROR, "%s: the variable of %s is new; it has no constant",
				    emission->model->object->path,
				    emission->model->object->sections[entry->section].name);
	err = emit_outside(emission, &target, &symbol);
	if (err)
		return err;
	memcpy(code, load, sizeof(load));
	return elf_writer_reloc(emission->writer, out, at + 3, R_X86_64_PC32, symbol, -4) ?
		       NULL :
		       error_nomem();
}

/* A test of the key, and a jump to where the jump label would lead; stretch.c has made room for them. */
static struct error *emit_test(struct emission *emission, const struct entry *entry)
{
	const struct section *table = &emission->model->object->sections[entry->section];
	uint32_t out = emission->section[entry->owner], key = RELOC_NONE, label = RELOC_NONE, symbol;
	uint64_t at = emission_at(emission, entry->owner, entry->owner_offset), to;
	struct ref ref;
	struct target target;
	struct error *err;
	uint8_t *code;
	int32_t distance;

	for (uint32_t i = entry->reloc_first; i < entry->reloc_first + entry->reloc_count; i++) {
		if (table->relocs[i].offset == entry->offset + (uint64_t)special_table[SPECIAL_JUMP].key_at)
			key = i;
		else if (table->relocs[i].offset == entry->offset + LABEL_TARGET_AT)
			label = i;
	}
	if (key == RELOC_NONE || label == RELOC_NONE)
		return error_create(EXIT_ERROR, "%s is corrupt: a jump label without a key or a target",
				    emission->model->object->path);
	ref = model_ref(emission->model, entry->section, label);
	if (ref.unit == UNIT_NONE || emission->section[ref.unit] != out)
		return error_create(EXIT_ERROR, "%s: a jump label leads out of its function",
				    emission->model->object->path);
	to = emission_at(emission, ref.unit,
			 emission->model->units.items[ref.unit].entry - emission->model->units.items[ref.unit].start +
				 (uint64_t)ref.offset);
	distance = (int32_t)(to - (at + STRETCH_SIZE));
	ref = model_ref(emission->model, entry->section, key);
	target = selection_target(emission->selection, ref, false);
	if (target.kind != TARGET_KLP)
		return error_create(EXIT_ERROR, "%s: a key to be tested is not a module's",
				    emission->model->object->path);
	err = emit_outside(emission, &target, &symbol);
	if (err)
		return err;
	code = emission->writer->sections.items[out].data + at;
	code[STRETCH_BRANCH_AT] = ref.offset & LABEL_TRUE ? STRETCH_JE : STRETCH_JNE;
	memcpy(code + STRETCH_TARGET_AT, &distance, sizeof(distance));
	/* the jump is not yet where the processor counts from: the field's end and the 0 */
	return elf_writer_reloc(emission->writer, out, at + STRETCH_KEY_AT, R_X86_64_PC32, symbol,
				(ref.offset & ~LABEL_FLAGS) - 5) ?
		       NULL :
		       error_nomem();
}

static struct error *emit_one(struct emission *emission, uint32_t index)
{
	const struct entry *entry = &emission->model->entries.items[index];
	enum entry_fate fate = emission->selection->fates[index];

	if (fate == ENTRY_DROPPED)
		return NULL;
	if (fate == ENTRY_TESTED)
		return emit_test(emission, entry);
	if (entry->special == SPECIAL_RUNTIME_CONST)
		return emit_runtime_constant(emission, entry);
	return emit_entry(emission, entry, fate);
}

struct error *emit_entries(struct emission *emission)
{
	const struct model *model = emission->model;
	uint32_t i, j;

	for (i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (!emission->section[i])
			continue;
		for (j = 0; j < unit->entry_count; j++) {
			struct error *err = emit_one(emission, unit->entry_first + j);

			if (err)
				return err;
		}
	}
	return NULL;
}
