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
	free(emission->sides.items);
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
	if (!emission.section || !emission.offset || !emission.symbol)
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
