// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Emits the records for the glue and the finish step (include/klpkit/format.h).
 * In: the selection and the places of the carried units.
 */
#include <string.h>

#include <klpkit/format.h>

#include "emit.h"

uint64_t emit_string(struct emission *emission, const char *text, uint32_t *section_ret)
{
	*section_ret = elf_writer_shared(emission->writer, KLPKIT_SEC_STRINGS, SHT_PROGBITS,
					 SHF_ALLOC, 1, 0);
	if (!*section_ret)
		return UINT64_MAX;
	return elf_writer_append(emission->writer, *section_ret, text, strlen(text) + 1, 1, 0);
}

bool emit_record_string(struct emission *emission, uint32_t section, uint64_t at,
			  const char *text)
{
	uint32_t strings;
	uint64_t where = emit_string(emission, text, &strings);

	return where != UINT64_MAX &&
	       elf_writer_reloc(emission->writer, section, at, R_X86_64_64,
				emission->writer->sections.items[strings].symbol, (int64_t)where);
}

static bool record_function(struct emission *emission, uint32_t section, uint64_t at, uint32_t unit)
{
	return elf_writer_reloc(emission->writer, section, at, R_X86_64_64, emission->symbol[unit],
				0);
}

struct error *emit_record(struct emission *emission, const char *name, const void *record,
				size_t size, uint32_t *section_ret, uint64_t *at_ret)
{
	*section_ret = elf_writer_shared(emission->writer, name, SHT_PROGBITS, SHF_ALLOC, 8, 0);
	if (!*section_ret)
		return error_nomem();
	*at_ret = elf_writer_append(emission->writer, *section_ret, record, size, 8, 0);
	return *at_ret == UINT64_MAX ? error_nomem() : NULL;
}

/* Which of the parent's symbols of its name the original is. */
static struct error *position_of(const struct emission *emission, const struct unit *original, uint32_t *ret)
{
	const struct selection *selection = emission->selection;
	uint32_t entry;

	if (places_find(selection->places, original->symbol, &entry) != PLACE_FOUND)
		return error_create(EXIT_ERROR, "%s: %s has lost its place",
				    selection->correlation->orig->object->path, original->name);
	*ret = symtab_position(selection->input->parent, entry);
	return NULL;
}

static struct error *emit_func_record(struct emission *emission, uint32_t id)
{
	const struct selection *selection = emission->selection;
	const struct model *orig = selection->correlation->orig;
	const struct unit *twin = &orig->units.items[selection->correlation->of_patched[id]];
	struct klpkit_func record = { .old_size = twin->end - twin->entry };
	uint32_t section;
	struct error *err;
	uint64_t at;

	err = position_of(emission, twin, &record.sympos);
	if (!err)
		err = emit_record(emission, KLPKIT_SEC_FUNCS, &record, sizeof(record), &section, &at);
	if (err)
		return err;
	if (!emit_record_string(emission, section, at + offsetof(struct klpkit_func, name),
			   twin->name) ||
	    !emit_record_string(emission, section, at + offsetof(struct klpkit_func, object),
			   selection->input->parent_name) ||
	    !record_function(emission, section, at + offsetof(struct klpkit_func, new_func), id))
		return error_nomem();
	return NULL;
}

static struct error *emit_check_record(struct emission *emission, uint32_t id)
{
	const struct selection *selection = emission->selection;
	const struct model *orig = selection->correlation->orig;
	const struct unit *twin = &orig->units.items[selection->correlation->of_patched[id]];
	struct klpkit_check record = { .old_size = twin->end - twin->entry };
	uint32_t section;
	struct error *err;
	uint64_t at;

	err = position_of(emission, twin, &record.sympos);
	if (!err)
		err = emit_record(emission, KLPKIT_SEC_CHECKS, &record, sizeof(record), &section, &at);
	if (err)
		return err;
	if (!emit_record_string(emission, section, at + offsetof(struct klpkit_check, name), twin->name) ||
	    !emit_record_string(emission, section, at + offsetof(struct klpkit_check, object),
				selection->input->parent_name))
		return error_nomem();
	return NULL;
}

static struct error *emit_held_record(struct emission *emission, const struct held *held)
{
	struct klpkit_held record = { 0 };
	uint32_t section;
	struct error *err;
	uint64_t at;

	err = emit_record(emission, KLPKIT_SEC_HELD, &record, sizeof(record), &section, &at);
	if (err)
		return err;
	if (!emit_record_string(emission, section, at + offsetof(struct klpkit_held, name),
			   held->name) ||
	    !emit_record_string(emission, section, at + offsetof(struct klpkit_held, object),
			   emission->selection->input->parent_name) ||
	    !emit_record_string(emission, section, at + offsetof(struct klpkit_held, reason),
			   held->reason))
		return error_nomem();
	if (held->drain != UNIT_NONE &&
	    !record_function(emission, section, at + offsetof(struct klpkit_held, drain),
			     held->drain))
		return error_nomem();
	return NULL;
}

static struct error *emit_callback_record(struct emission *emission, const struct section *from,
					  uint32_t index, uint64_t start)
{
	struct klpkit_author_callback author;
	struct klpkit_callback record = { 0 };
	struct ref ref = model_ref(emission->model,
				   (uint32_t)(from - emission->model->object->sections), index);
	uint32_t section;
	struct error *err;
	uint64_t at;

	memcpy(&author, from->data + start, sizeof(author));
	record.kind = author.kind;
	if (ref.unit == UNIT_NONE || !emission->symbol[ref.unit])
		return error_create(EXIT_ERROR, "%s: a callback is not a function of this object",
				    emission->model->object->path);
	err = emit_record(emission, KLPKIT_SEC_CALLBACKS, &record, sizeof(record), &section, &at);
	if (err)
		return err;
	if (!emit_record_string(emission, section, at + offsetof(struct klpkit_callback, object),
			   emission->selection->input->parent_name) ||
	    !record_function(emission, section, at + offsetof(struct klpkit_callback, func),
			     ref.unit))
		return error_nomem();
	return NULL;
}

static struct error *emit_callbacks(struct emission *emission)
{
	const struct object *object = emission->model->object;
	size_t i;
	uint32_t j;

	for (i = 1; i < object->section_count; i++) {
		const struct section *section = &object->sections[i];

		if (strcmp(section->name, KLPKIT_SEC_AUTHOR_CALLBACKS) || !section->data)
			continue;
		for (j = 0; j < section->reloc_count; j++) {
			uint64_t start = section->relocs[j].offset;
			struct error *err;

			if (start % sizeof(struct klpkit_author_callback) ||
			    start + sizeof(struct klpkit_author_callback) > section->size)
				return error_create(EXIT_ERROR, "%s is corrupt: %s", object->path,
						    section->name);
			err = emit_callback_record(emission, section, j, start);
			if (err)
				return err;
		}
	}
	return NULL;
}

struct error *emit_records(struct emission *emission)
{
	const struct selection *selection = emission->selection;
	struct error *err;
	size_t i;

	for (i = 0; i < emission->model->units.count; i++) {
		if (selection->carry[i] != CARRY_REPLACED)
			continue;
		err = emit_func_record(emission, (uint32_t)i);
		if (err)
			return err;
	}
	for (i = 0; i < selection->checked.count; i++) {
		if (selection->carry[selection->checked.items[i].unit] == CARRY_REPLACED)
			continue;
		err = emit_check_record(emission, selection->checked.items[i].unit);
		if (err)
			return err;
	}
	for (i = 0; i < selection->held_count; i++) {
		err = emit_held_record(emission, &selection->held[i]);
		if (err)
			return err;
	}
	return emit_callbacks(emission);
}
