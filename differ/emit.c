// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes the object that carries the change.
 * In: the selection. Out: the bytes of a relocatable object with ordinary relocations.
 */
#include <stdlib.h>

#include "emit.h"

static void emission_destroy(struct emission *emission)
{
	elf_writer_destroy(emission->writer);
	free(emission->section);
	free(emission->offset);
	free(emission->symbol);
	for (size_t i = 0; emission->stretches && i < emission->model->units.count; i++)
		stretch_destroy(emission->stretches[i]);
	free(emission->stretches);
	free(emission->sides.items);
}

uint64_t emission_at(const struct emission *emission, uint32_t unit, uint64_t offset)
{
	return emission->offset[unit] + stretch_at(emission->stretches[unit], offset);
}

struct error *emit_object(const struct selection *selection, void **data_ret, size_t *size_ret)
{
	const struct model *model = selection_model(selection);
	struct emission emission = { .selection = selection, .model = model };
	struct error *err = elf_writer_create(&emission.writer);

	if (err)
		return err;
	emission.section = calloc(model->units.count + 1, sizeof(*emission.section));
	emission.offset = calloc(model->units.count + 1, sizeof(*emission.offset));
	emission.symbol = calloc(model->units.count + 1, sizeof(*emission.symbol));
	emission.stretches = calloc(model->units.count + 1, sizeof(*emission.stretches));
	if (!emission.section || !emission.offset || !emission.symbol || !emission.stretches)
		err = error_nomem();
	if (!err)
		err = emit_units(&emission);
	if (!err)
		err = emit_refs(&emission);
	if (!err)
		err = emit_entries(&emission);
	if (!err)
		err = emit_records(&emission);
	if (!err)
		err = emit_data(&emission);
	if (!err)
		err = elf_writer_finish(emission.writer, data_ret, size_ret);
	emission_destroy(&emission);
	return err;
}
