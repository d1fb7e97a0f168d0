// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "proof-body.h"
#include "proof-names.h"

static size_t found(const struct proof_body *body, const char *name, const uint32_t **indices)
{
	if (body->symbols)
		return symtab_find(body->symbols, name, indices);
	return name_index_find(&body->object->names, name, indices);
}

static bool counts(const struct proof_body *body, uint32_t index)
{
	return body->symbols || proof_symbol_defined(body->object, index);
}

size_t proof_body_count(const struct proof_body *body, const char *name)
{
	const uint32_t *indices;
	size_t all = found(body, name, &indices), count = 0;

	for (size_t i = 0; i < all; i++)
		count += counts(body, indices[i]);
	return count;
}

static struct proof_place place_of(const struct proof_body *body, uint32_t index)
{
	if (body->symbols)
		return (struct proof_place){ PLACE_LINKED, 0,
					     symtab_at(body->symbols, index)->address };
	return proof_symbol_place(body->object, index);
}

struct proof_place proof_body_find(const struct proof_body *body, const char *name, size_t n)
{
	const uint32_t *indices;
	size_t all = found(body, name, &indices);

	for (size_t i = 0; i < all; i++)
		if (counts(body, indices[i]) && !n--)
			return place_of(body, indices[i]);
	return (struct proof_place){ PLACE_UNKNOWN, 0, 0 };
}

static bool linked_has(const struct proof_body *body, const struct proof_place *place,
		       const char *name)
{
	const uint32_t *indices;
	size_t count = symtab_find(body->symbols, name, &indices);

	for (size_t i = 0; i < count; i++)
		if (symtab_at(body->symbols, indices[i])->address == place->value)
			return place->space == PLACE_LINKED;
	return !count;
}

/* Variables without a size share their place with the next one. */
static bool section_has(const struct proof_object *object, const struct proof_place *place,
			const char *name)
{
	const struct proof_section *section = &object->sections[place->index];
	uint32_t low = 0, high = section->symbol_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (object->symbols[section->symbols[middle]].value < place->value)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < section->symbol_count; low++) {
		const struct proof_symbol *symbol = &object->symbols[section->symbols[low]];

		if (symbol->value != place->value)
			return false;
		if (proof_names_same(symbol->name, name))
			return true;
	}
	return false;
}

bool proof_body_has(const struct proof_body *body, const struct proof_place *place,
		    const char *name)
{
	if (body->symbols)
		return linked_has(body, place, name);
	if (place->space == PLACE_SECTION)
		return section_has(body->object, place, name);
	return place->space == PLACE_UNDEFINED && !place->value &&
	       !strcmp(body->object->symbols[place->index].name, name);
}

const uint8_t *proof_body_bytes(const struct proof_body *body, const struct proof_place *place,
				size_t size)
{
	const struct proof_section *section;

	if (place->space == PLACE_LINKED && body->image)
		return image_at(body->image, place->value, size);
	if (place->space != PLACE_SECTION || !body->object)
		return NULL;
	section = &body->object->sections[place->index];
	if (!section->data || place->value > section->size || size > section->size - place->value)
		return NULL;
	return section->data + place->value;
}

bool proof_body_code(const struct proof_body *body, const struct proof_place *place, size_t size,
		     struct proof_code *ret)
{
	const uint8_t *bytes;

	/* the end of the section may be nearer */
	while (!(bytes = proof_body_bytes(body, place, size)))
		if (!size--)
			return false;
	*ret = (struct proof_code){
		.object = body->object,
		.section = place->index,
		.bytes = bytes,
		.start = place->value,
		.size = size,
	};
	return size > 0;
}

/* The padding before a function has a symbol of its own since 6.2. */
static bool is_padding(const char *name)
{
	return !strncmp(name, "__pfx_", strlen("__pfx_"));
}

/* The first symbol of the kernel's that is above the address; they are in order of these. */
static size_t first_above(const struct symtab *symbols, uint64_t address)
{
	size_t low = 0, high = symtab_count(symbols);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symtab_at(symbols, middle)->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool proof_body_adjacent(const struct proof_body *body, const struct proof_place *first,
			 const struct proof_place *second)
{
	const struct proof_section *section;

	if (first->space != second->space || first->index != second->index ||
	    first->value >= second->value)
		return false;
	if (first->space == PLACE_LINKED) {
		size_t i = first_above(body->symbols, first->value);

		while (i < symtab_count(body->symbols) && is_padding(symtab_at(body->symbols, i)->name))
			i++;
		return i < symtab_count(body->symbols) &&
		       symtab_at(body->symbols, i)->address == second->value;
	}
	if (first->space != PLACE_SECTION)
		return false;
	section = &body->object->sections[first->index];
	for (uint32_t i = 0; i < section->symbol_count; i++) {
		const struct proof_symbol *symbol = &body->object->symbols[section->symbols[i]];

		if (symbol->value > first->value && !is_padding(symbol->name))
			return symbol->value == second->value;
	}
	return false;
}

const char *proof_body_name(const struct proof_body *body, const struct proof_place *place)
{
	int64_t offset;
	uint32_t symbol;
	size_t above;

	if (body->object) {
		if (place->space == PLACE_UNKNOWN || place->space == PLACE_LINKED)
			return "(nothing)";
		symbol = proof_symbol_at(body->object, place, &offset);
		return symbol ? body->object->symbols[symbol].name :
				body->object->sections[place->index].name;
	}
	above = first_above(body->symbols, place->value);
	return above ? symtab_at(body->symbols, above - 1)->name : "(nothing)";
}
