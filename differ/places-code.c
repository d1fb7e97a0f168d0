// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which of several symbols is meant, by the image's code: fields of known functions hold the address
 * that is looked for, or a candidate's own fields hold what they should.
 */
#include <stdlib.h>
#include <string.h>

#include "places-state.h"

/*
 * The address that the image's code holds in the field of a relocation, given where the unit
 * around it is, as the address of the target's entry.
 */
static bool field_target(const struct places *places, const struct unit *unit, uint64_t address,
			 uint32_t index, struct ref ref, uint64_t *ret)
{
	const struct reloc *reloc = &unit_section(places->model, unit)->relocs[index];
	const struct reloc_use *uses = places->model->uses[unit->section];
	uint64_t where = address + (reloc->offset - unit->entry);
	const void *field = image_at(places->input->image, where, reloc_width(reloc->type));
	uint64_t target;
	int32_t narrow;

	if (!field || reloc->offset < unit->entry)
		return false;
	if (reloc_width(reloc->type) == 8) {
		memcpy(&target, field, 8);
	} else {
		memcpy(&narrow, field, 4);
		target = (uint64_t)(int64_t)narrow;
	}
	if (reloc_is_pc_relative(reloc->type))
		target += where + (uses ? uses[index].bias : 0);
	*ret = target - (uint64_t)ref.offset;
	return true;
}

static int user_compare(const void *left, const void *right)
{
	const struct user *a = left, *b = right;

	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return a->reloc < b->reloc ? -1 : a->reloc > b->reloc;
}

/* All that refers to units whose symbols several entries of the parent could be. */
struct error *places_collect_users(struct places *places)
{
	const struct model *model = places->model;

	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		for (uint32_t j = 0; unit->symbol && j < unit->reloc_count; j++) {
			uint32_t index = unit->reloc_first + j;
			struct ref ref = model_ref(model, unit->section, index);
			struct user *user;

			if (ref.unit == UNIT_NONE ||
			    places->entries[model->units.items[ref.unit].symbol] != ENTRY_AMBIGUOUS)
				continue;
			user = array_add(&places->users);
			if (!user)
				return error_nomem();
			*user = (struct user){ ref.unit, i, index };
		}
	}
	if (places->users.count)
		qsort(places->users.items, places->users.count, sizeof(*places->users.items),
		      user_compare);
	return NULL;
}

/* The first user of a unit. */
static size_t first_user(const struct places *places, uint32_t unit)
{
	size_t low = 0, high = places->users.count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (places->users.items[middle].target < unit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What functions whose place is known say about the address of a unit. */
uint32_t settle_by_users(const struct places *places, uint32_t unit, const uint32_t *fits,
			 size_t count)
{
	const struct model *model = places->model;
	uint32_t found = ENTRY_AMBIGUOUS;

	for (size_t i = first_user(places, unit);
	     i < places->users.count && places->users.items[i].target == unit; i++) {
		const struct user *by = &places->users.items[i];
		const struct unit *user = &model->units.items[by->unit];
		struct ref ref = model_ref(model, user->section, by->reloc);
		const struct symtab_entry *entry;
		uint64_t address;

		if (!places_known(places, user->symbol))
			continue;
		entry = symtab_at(places->input->parent, places->entries[user->symbol]);
		if (!field_target(places, user, entry->address, by->reloc, ref, &address))
			continue;
		for (size_t k = 0; k < count; k++) {
			if (symtab_at(places->input->parent, fits[k])->address != address)
				continue;
			if (found < ENTRY_AMBIGUOUS && found != fits[k])
				return ENTRY_AMBIGUOUS;
			found = fits[k];
		}
	}
	return found;
}

/* How many fields of a candidate's image hold the addresses that they should; -1: one does not. */
static int candidate_score(const struct places *places, const struct unit *unit, uint64_t address)
{
	int score = 0;
	uint32_t i;

	for (i = 0; i < unit->reloc_count; i++) {
		uint32_t index = unit->reloc_first + i, entry;
		struct ref ref = model_ref(places->model, unit->section, index);
		const struct symbol *target = &places->model->object->symbols[ref.symbol];
		const uint32_t *indices;
		uint64_t got;

		if (ref.unit != UNIT_NONE) {
			uint32_t symbol = places->model->units.items[ref.unit].symbol;

			if (!symbol || !places_known(places, symbol) || ref.unit == UNIT_NONE)
				continue;
			entry = places->entries[symbol];
		} else if (target->section == SYMBOL_UNDEF &&
			   symtab_find(places->input->parent, target->name, &indices) == 1 &&
			   strcmp(target->name, "__fentry__")) {
			entry = indices[0];
		} else {
			continue;
		}
		if (!field_target(places, unit, address, index, ref, &got))
			return -1;
		if (got != symtab_at(places->input->parent, entry)->address)
			return -1;
		score++;
	}
	return score;
}

uint32_t settle_by_contents(const struct places *places, uint32_t unit, const uint32_t *fits,
			    size_t count)
{
	uint32_t found = ENTRY_AMBIGUOUS;
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t address = symtab_at(places->input->parent, fits[i])->address;

		if (candidate_score(places, &places->model->units.items[unit], address) <= 0)
			continue;
		if (found < ENTRY_AMBIGUOUS)
			return ENTRY_AMBIGUOUS;
		found = fits[i];
	}
	return found;
}
