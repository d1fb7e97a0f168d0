// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Emits a record for each word of a live variable that the patch changes (struct klpkit_data).
 * In: the selection's applied words. Out: KLPKIT_SEC_DATA.
 */
#include <klpkit/format.h>

#include "emit.h"

static struct error *emit_target(struct emission *emission, const struct target *target,
				 const char *name, uint32_t section, uint64_t at, int64_t addend)
{
	struct error *err;
	uint32_t symbol;

	if (target->kind == TARGET_NONE || target->kind == TARGET_CARRIED)
		return error_create(EXIT_ERROR, "%s: the place of %s was not settled",
				    emission->model->object->path, name);
	err = emit_outside(emission, target, &symbol);
	if (!err && !elf_writer_reloc(emission->writer, section, at, R_X86_64_64, symbol, addend))
		err = error_nomem();
	return err;
}

static struct error *emit_word(struct emission *emission, const struct applied *word)
{
	const struct correlation *correlation = emission->selection->correlation;
	const struct model *orig = correlation->orig;
	const struct unit *now = &emission->model->units.items[word->unit];
	const struct unit *then = &orig->units.items[correlation->of_patched[word->unit]];
	struct ref live = { .unit = correlation->of_patched[word->unit], .symbol = then->symbol };
	struct klpkit_data record = { .size = word->size, .offset = (uint32_t)word->at };
	struct target target = target_of_original(emission->selection, live);
	struct error *err;
	uint32_t section;
	uint64_t at;

	if (word->old_reloc == RELOC_NONE)
		record.old = word_value(orig, then, word->at, word->size);
	if (word->new_reloc == RELOC_NONE)
		record.new = word_value(emission->model, now, word->at, word->size);
	err = emit_record(emission, KLPKIT_SEC_DATA, &record, sizeof(record), &section, &at);
	if (err)
		return err;
	if (!emit_record_string(emission, section, at + offsetof(struct klpkit_data, object),
				emission->selection->input->parent_name) ||
	    !emit_record_string(emission, section, at + offsetof(struct klpkit_data, name),
				then->name))
		return error_nomem();
	err = emit_target(emission, &target, then->name, section,
			  at + offsetof(struct klpkit_data, where), (int64_t)word->at);
	if (!err && word->old_reloc != RELOC_NONE) {
		struct ref ref = model_ref(orig, then->section, word->old_reloc);

		target = target_of_original(emission->selection, ref);
		err = emit_target(emission, &target, "what it held", section,
				  at + offsetof(struct klpkit_data, old), ref.offset);
	}
	if (!err && word->new_reloc != RELOC_NONE)
		err = emit_reloc(emission, now->section, word->new_reloc, section,
				 at + offsetof(struct klpkit_data, new), false);
	return err;
}

struct error *emit_data(struct emission *emission)
{
	const struct selection *selection = emission->selection;
	struct error *err = NULL;

	for (size_t i = 0; !err && i < selection->applied.count; i++)
		err = emit_word(emission, &selection->applied.items[i]);
	return err;
}
