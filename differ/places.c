// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Settles which symbol of the running kernel each symbol of the original object is.
 * In: the original's model, the parent's symbol table and, if there is one, its image.
 * Out: an entry of the table by symbol, or why there is none.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "places-state.h"

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

static uint32_t settle_by_file(const struct places *places, uint32_t symbol, const uint32_t *fits,
			       size_t count)
{
	uint32_t found = ENTRY_AMBIGUOUS;
	size_t i;

	if (!places->files[symbol] || places->model->object->symbols[symbol].bind != STB_LOCAL)
		return ENTRY_AMBIGUOUS;
	for (i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(places->input->parent, fits[i]);

		if (!entry->file || strcmp(entry->file, places->files[symbol]))
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
		found = settle_by_file(places, index, fits, count);
	if (found == ENTRY_AMBIGUOUS && !alone)
		found = settle_by_proof(places, index, fits, count);
	if (found == ENTRY_AMBIGUOUS && !alone && places->input->image &&
	    !image_is_module(places->input->image) && unit != UNIT_NONE) {
		found = settle_by_users(places, unit, fits, count);
		if (found == ENTRY_AMBIGUOUS)
			found = settle_by_contents(places, unit, fits, count);
	}
	if (found == ENTRY_AMBIGUOUS && !alone)
		found = settle_by_neighbours(places, index, fits, count);
	if (found < ENTRY_AMBIGUOUS && !symtab_position_holds(places->input->parent, found))
		found = ENTRY_AMBIGUOUS;
	places->entries[index] = found;
	if (found < ENTRY_AMBIGUOUS)
		places_add_neighbour(places, index, found);
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

/*
 * Local symbols stand behind their file's; global ones at the end, which with one file are of it,
 * and with several of none that is known.
 */
static void find_files(struct places *places)
{
	const struct object *object = places->model->object;
	const char *file = NULL;
	size_t files = 0;

	for (size_t i = 1; i < object->symbol_count; i++) {
		const struct symbol *symbol = &object->symbols[i];

		if (symbol->type == STT_FILE) {
			file = symbol->name;
			files++;
		}
		places->files[i] = symbol->bind == STB_LOCAL || files == 1 ? file : NULL;
	}
}

static struct error *settle_all(struct places *places, int pass)
{
	const struct object *object = places->model->object;
	struct error *err = NULL;

	for (size_t i = 1; !err && i < object->symbol_count; i++)
		if (symbol_has_place(places->model, &object->symbols[i]) &&
		    (!pass || places->entries[i] == ENTRY_AMBIGUOUS))
			err = places_settle(places, (uint32_t)i, pass == 0);
	return err;
}

struct error *places_create(const struct model *orig, const struct diff_input *input,
			    struct places **ret)
{
	size_t count = orig->object->symbol_count;
	struct places *places = calloc(1, sizeof(*places));
	struct error *err;

	if (!places)
		return error_nomem();
	places->model = orig;
	places->input = input;
	places->entries = malloc((count + 1) * sizeof(*places->entries));
	places->files = calloc(count + 1, sizeof(*places->files));
	if (!places->entries || !places->files) {
		places_destroy(places);
		return error_nomem();
	}
	for (size_t i = 0; i < count; i++)
		places->entries[i] = ENTRY_MISSING;
	find_files(places);
	err = places_group(places);
	/* First what settles itself; then, twice, with the help of that. */
	if (!err)
		err = settle_all(places, 0);
	if (!err)
		err = places_collect_users(places);
	for (int pass = 1; !err && pass < 3; pass++)
		err = settle_all(places, pass);
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
	free(places->files);
	free(places->group_of);
	free(places->groups);
	free(places->users.items);
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
