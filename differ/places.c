// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Settles which symbol of the running kernel each symbol of the original object is.
 * In: the original's model, the parent's symbol table and, if there is one, its image.
 * Out: an entry of the table by symbol, or why there is none.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "places.h"

#define ENTRY_MISSING UINT32_MAX
#define ENTRY_AMBIGUOUS (UINT32_MAX - 1)

struct places {
	const struct model *model;
	const struct diff_input *input;
	const char *file;  /* the object's STT_FILE name, or NULL */
	uint32_t *entries; /* by symbol */
};

unsigned int symtab_position(const struct symtab *symtab, uint32_t entry)
{
	const uint32_t *indices;
	size_t count = symtab_find(symtab, symtab_at(symtab, entry)->name, &indices), i;

	if (count <= 1)
		return 0;
	for (i = 0; i < count && indices[i] != entry; i++)
		;
	return (unsigned int)i + 1;
}

bool symtab_position_holds(const struct symtab *symtab, uint32_t entry)
{
	const uint32_t *indices;
	size_t count = symtab_find(symtab, symtab_at(symtab, entry)->name, &indices), i;

	if (!symtab_is_module(symtab) || count <= 1)
		return true;
	for (i = 0; i < count; i++)
		if (symtab_in_init(symtab, indices[i]))
			return false;
	return true;
}

const struct symtab_entry *symtab_find_global(const struct symtab *symtab, const char *name,
					      uint32_t *entry_ret)
{
	const uint32_t *indices;
	size_t count = symtab_find(symtab, name, &indices), i;

	for (i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(symtab, indices[i]);

		if (isupper((unsigned char)entry->type)) {
			*entry_ret = indices[i];
			return entry;
		}
	}
	return NULL;
}

static bool entry_is_text(const struct symtab_entry *entry)
{
	return strchr("tTwW", entry->type) != NULL;
}

/* Could this entry be that symbol, by kind and binding? */
static bool entry_fits(const struct places *places, const struct symtab_entry *entry,
		       const struct symbol *symbol)
{
	bool code = places->model->classes[symbol->section] == CLASS_CODE;

	/* a per-CPU variable is absolute in kallsyms, and its letter tells no binding */
	if (entry->type == 'A' || entry->type == 'a')
		return !code;
	if (code != entry_is_text(entry) && !strchr("wWvV", entry->type))
		return false;
	if (symbol->bind == STB_LOCAL)
		return islower((unsigned char)entry->type);
	return isupper((unsigned char)entry->type) || entry->type == 'w' || entry->type == 'v';
}

/* Where a symbol's address would be, if the entry is the symbol. */
static bool places_known(const struct places *places, uint32_t symbol)
{
	return places->entries[symbol] < ENTRY_AMBIGUOUS;
}

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

/* What functions whose place is known say about the address of a unit. */
static uint32_t settle_by_users(const struct places *places, uint32_t unit, const uint32_t *fits,
				size_t count)
{
	const struct model *model = places->model;
	uint32_t found = ENTRY_AMBIGUOUS, i, j;
	size_t k;

	for (i = 0; i < model->units.count; i++) {
		const struct unit *user = &model->units.items[i];
		const struct symtab_entry *entry;

		if (!user->symbol || !places_known(places, user->symbol))
			continue;
		entry = symtab_at(places->input->parent, places->entries[user->symbol]);
		for (j = 0; j < user->reloc_count; j++) {
			uint32_t index = user->reloc_first + j;
			struct ref ref = model_ref(model, user->section, index);
			uint64_t address;

			if (ref.unit != unit ||
			    !field_target(places, user, entry->address, index, ref, &address))
				continue;
			for (k = 0; k < count; k++) {
				if (symtab_at(places->input->parent, fits[k])->address != address)
					continue;
				if (found < ENTRY_AMBIGUOUS && found != fits[k])
					return ENTRY_AMBIGUOUS;
				found = fits[k];
			}
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

static uint32_t settle_by_contents(const struct places *places, uint32_t unit,
				   const uint32_t *fits, size_t count)
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

/* The part of a section's name that the linker keeps together: .text.foo is .text */
static size_t section_base_length(const char *name)
{
	static const char *const bases[] = {
		".text.unlikely", ".text.hot", ".text.startup", ".text.exit", ".text",
		".data.rel.ro",	  ".data.rel", ".data",		".bss",	      ".rodata",
	};
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		size_t length = strlen(bases[i]);

		if (!strncmp(name, bases[i], length) &&
		    (!name[length] || (name[length] == '.' && name[length + 1] != '.')))
			return length;
	}
	return strlen(name);
}

static bool sections_linked_together(const struct section *a, const struct section *b)
{
	size_t length = section_base_length(a->name);

	return length == section_base_length(b->name) && !strncmp(a->name, b->name, length);
}

/*
 * The one candidate between the first and the last of what this object has in that section, or
 * as close to them as the object has symbols there that are not placed yet.
 */
static uint32_t settle_by_neighbours(const struct places *places, uint32_t symbol,
				     const uint32_t *fits, size_t count)
{
	const struct object *object = places->model->object;
	const struct symtab *parent = places->input->parent;
	const struct section *home = &object->sections[object->symbols[symbol].section];
	uint32_t low = UINT32_MAX, high = 0, slack = 0, section = 0, found = ENTRY_AMBIGUOUS;
	size_t i;

	for (i = 1; i < object->symbol_count; i++) {
		const struct symbol *other = &object->symbols[i];
		const struct symtab_entry *entry;

		if (!symbol_is_defined(object, other) || !*other->name ||
		    other->type == STT_SECTION || other->bind == STB_WEAK ||
		    !sections_linked_together(home, &object->sections[other->section]))
			continue;
		if (!places_known(places, (uint32_t)i)) {
			slack++;
			continue;
		}
		entry = symtab_at(parent, places->entries[i]);
		low = places->entries[i] < low ? places->entries[i] : low;
		high = places->entries[i] > high ? places->entries[i] : high;
		section = entry->section;
	}
	if (low > high)
		return ENTRY_AMBIGUOUS;
	low = low > slack ? low - slack : 0;
	high += slack;
	for (i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(parent, fits[i]);

		if (fits[i] < low || fits[i] > high || entry->section != section)
			continue;
		if (found < ENTRY_AMBIGUOUS)
			return ENTRY_AMBIGUOUS;
		found = fits[i];
	}
	return found;
}

static uint32_t settle_by_file(const struct places *places, const struct symbol *symbol,
			       const uint32_t *fits, size_t count)
{
	uint32_t found = ENTRY_AMBIGUOUS;
	size_t i;

	if (!places->file || symbol->bind != STB_LOCAL)
		return ENTRY_AMBIGUOUS;
	for (i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(places->input->parent, fits[i]);

		if (!entry->file || strcmp(entry->file, places->file))
			continue;
		if (found < ENTRY_AMBIGUOUS)
			return ENTRY_AMBIGUOUS;
		found = fits[i];
	}
	return found;
}

static uint32_t settle_by_proof(const struct places *places, uint32_t symbol, const uint32_t *fits,
				size_t count)
{
	const struct diff_input *input = places->input;
	uint64_t address;
	uint32_t section;
	size_t i;

	if (!input->settled ||
	    !input->settled(input->settled_data, symbol, &section, &address))
		return ENTRY_AMBIGUOUS;
	for (i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(input->parent, fits[i]);

		if (entry->address == address && (!section || entry->section == section))
			return fits[i];
	}
	return ENTRY_AMBIGUOUS;
}

static uint32_t *places_fits(const struct places *places, const struct symbol *symbol,
			     size_t *count_ret)
{
	const uint32_t *indices;
	size_t count = symtab_find(places->input->parent, symbol->name, &indices), i;
	uint32_t *fits = calloc(count + 1, sizeof(*fits));

	*count_ret = 0;
	for (i = 0; fits && i < count; i++)
		if (entry_fits(places, symtab_at(places->input->parent, indices[i]), symbol))
			fits[(*count_ret)++] = indices[i];
	return fits;
}

static struct error *places_settle(struct places *places, uint32_t index, bool alone)
{
	const struct symbol *symbol = &places->model->object->symbols[index];
	uint32_t unit = places->model->symbol_unit[index], found = ENTRY_AMBIGUOUS;
	size_t count;
	uint32_t *fits = places_fits(places, symbol, &count);

	if (!fits)
		return error_nomem();
	if (count <= 1)
		found = count ? fits[0] : ENTRY_MISSING;
	if (found == ENTRY_AMBIGUOUS)
		found = settle_by_file(places, symbol, fits, count);
	if (found == ENTRY_AMBIGUOUS && !alone && places->input->image &&
	    !image_is_module(places->input->image) && unit != UNIT_NONE) {
		found = settle_by_users(places, unit, fits, count);
		if (found == ENTRY_AMBIGUOUS)
			found = settle_by_contents(places, unit, fits, count);
	}
	if (found == ENTRY_AMBIGUOUS && !alone)
		found = settle_by_neighbours(places, index, fits, count);
	if (found == ENTRY_AMBIGUOUS && !alone)
		found = settle_by_proof(places, index, fits, count);
	if (found < ENTRY_AMBIGUOUS && !symtab_position_holds(places->input->parent, found))
		found = ENTRY_AMBIGUOUS;
	places->entries[index] = found;
	free(fits);
	return NULL;
}

static bool symbol_has_place(const struct model *model, const struct symbol *symbol)
{
	return symbol_is_defined(model->object, symbol) && *symbol->name &&
	       (symbol->type == STT_FUNC || symbol->type == STT_OBJECT ||
		symbol->type == STT_NOTYPE) &&
	       model->classes[symbol->section] != CLASS_META;
}

struct error *places_create(const struct model *orig, const struct diff_input *input,
			    struct places **ret)
{
	const struct object *object = orig->object;
	struct places *places = calloc(1, sizeof(*places));
	struct error *err = NULL;
	int pass;
	size_t i;

	if (!places)
		return error_nomem();
	places->model = orig;
	places->input = input;
	places->entries = calloc(object->symbol_count + 1, sizeof(*places->entries));
	if (!places->entries) {
		places_destroy(places);
		return error_nomem();
	}
	for (i = 0; i < object->symbol_count; i++) {
		places->entries[i] = ENTRY_MISSING;
		if (object->symbols[i].type == STT_FILE && !places->file)
			places->file = object->symbols[i].name;
	}
	/* First what settles itself; then, twice, with the help of that. */
	for (pass = 0; !err && pass < 3; pass++)
		for (i = 1; !err && i < object->symbol_count; i++)
			if (symbol_has_place(orig, &object->symbols[i]) &&
			    (!pass || places->entries[i] == ENTRY_AMBIGUOUS))
				err = places_settle(places, (uint32_t)i, pass == 0);
	if (err) {
		places_destroy(places);
		return err;
	}
	*ret = places;
	return NULL;
}

void places_destroy(struct places *places)
{
	if (!places)
		return;
	free(places->entries);
	free(places);
}

enum place_status places_find(const struct places *places, uint32_t symbol, uint32_t *entry_ret)
{
	uint32_t entry = places->entries[symbol];

	if (entry == ENTRY_MISSING)
		return PLACE_MISSING;
	if (entry == ENTRY_AMBIGUOUS)
		return PLACE_AMBIGUOUS;
	*entry_ret = entry;
	return PLACE_FOUND;
}
