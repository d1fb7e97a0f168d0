// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What names mean in the running system, as the kernel resolves them: kernel/livepatch/core.c
 * (klp_resolve_symbols(), klp_find_object_symbol()), kernel/module/main.c (simplify_symbols()).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "proof-state.h"

#define KLP_SYM ".klp.sym."
#define SHN_LIVEPATCH 0xff20

bool proof_running_equal(const struct proof_running *a, const struct proof_running *b)
{
	if (a->kind != b->kind || a->kind == RUNNING_NOWHERE || a->value != b->value)
		return false;
	if (a->kind == RUNNING_MODULE)
		return a->section == b->section;
	return a->kind == RUNNING_KERNEL || !strcmp(a->name, b->name);
}

static const struct proof_running nowhere = { RUNNING_NOWHERE, 0, 0, NULL };

static struct proof_running kernel_find(const struct proof *proof, const char *name,
					unsigned long position)
{
	const uint32_t *indices;
	size_t count = symtab_find(proof->kernel.symbols, name, &indices);

	if (position ? position > count : count != 1)
		return nowhere;
	return (struct proof_running){
		.kind = RUNNING_KERNEL,
		.value = symtab_at(proof->kernel.symbols, indices[position ? position - 1 : 0])
				 ->address,
	};
}

static bool in_init(const struct proof_object *parent, uint32_t symbol)
{
	return !strncmp(parent->sections[parent->symbols[symbol].section].name, ".init", 5);
}

/*
 * A module that runs already is searched without its init code, one that arrives with it: a
 * position that means two things means nothing.
 */
static struct proof_running module_find(const struct proof_object *parent, const char *name,
					unsigned long position)
{
	const uint32_t *indices;
	size_t all = name_index_find(&parent->names, name, &indices), count = 0, live = 0;
	uint32_t found[2] = { 0, 0 };

	for (size_t i = 0; i < all; i++) {
		uint32_t symbol = indices[i];

		if (!proof_symbol_defined(parent, symbol) ||
		    !(parent->sections[parent->symbols[symbol].section].flags & SHF_ALLOC))
			continue;
		if (++count == (position ?: 1))
			found[0] = symbol;
		if (!in_init(parent, symbol) && ++live == (position ?: 1))
			found[1] = symbol;
	}
	if (!found[0] || (!position && count > 1 && live > 1) ||
	    (found[1] && found[0] != found[1]))
		return nowhere;
	return (struct proof_running){
		.kind = RUNNING_MODULE,
		.section = parent->symbols[found[0]].section,
		.value = parent->symbols[found[0]].value,
	};
}

/* An export of another module is the only one of its name there. */
static struct proof_running module_export(const struct proof *proof, const char *object,
					  const char *name, unsigned long position)
{
	const struct symvers_entry *entry = symvers_find(proof->kernel.exports, name);

	if (position || !entry || strcmp(entry->module, object))
		return nowhere;
	return (struct proof_running){ .kind = RUNNING_EXPORT, .name = entry->name };
}

struct proof_running proof_running_find(const struct proof *proof, const struct proof_side *side,
					const char *object, const char *name,
					unsigned long position)
{
	if (!strcmp(object, "vmlinux"))
		return kernel_find(proof, name, position);
	if (side->parent && !strcmp(object, side->unit->module))
		return module_find(side->parent, name, position);
	return module_export(proof, object, name, position);
}

/* The global of this name in the kernel's image. */
static struct proof_running kernel_global(const struct proof *proof, const char *name)
{
	const uint32_t *indices;
	size_t count = symtab_find(proof->kernel.symbols, name, &indices), globals = 0;
	struct proof_running found = nowhere;

	for (size_t i = 0; i < count; i++) {
		const struct symtab_entry *entry = symtab_at(proof->kernel.symbols, indices[i]);

		if (!isupper((unsigned char)entry->type) && count > 1)
			continue;
		globals++;
		found = (struct proof_running){ RUNNING_KERNEL, 0, entry->address, NULL };
	}
	return globals == 1 ? found : nowhere;
}

static struct proof_running running_export(const struct proof *proof, const char *name)
{
	const struct symvers_entry *entry = symvers_find(proof->kernel.exports, name);

	if (!entry)
		return nowhere;
	if (!strcmp(entry->module, "vmlinux"))
		return kernel_global(proof, name);
	return (struct proof_running){ .kind = RUNNING_EXPORT, .name = entry->name };
}

static struct proof_running running_of_place(const struct proof *proof,
					     const struct proof_side *side,
					     const struct proof_place *place)
{
	struct proof_running running;

	switch (place->space) {
	case PLACE_LINKED:
		return (struct proof_running){ RUNNING_KERNEL, 0, place->value, NULL };
	case PLACE_SECTION:
		return (struct proof_running){ RUNNING_MODULE, place->index, place->value, NULL };
	case PLACE_UNDEFINED:
		running = running_export(proof, side->parent->symbols[place->index].name);
		running.value += place->value;
		return running;
	default:
		return nowhere;
	}
}

struct proof_running proof_running_original(const struct proof *proof, const struct proof_side *side,
					    uint32_t original)
{
	return running_of_place(proof, side, &side->before->places[original]);
}

/* Of the original object's undefined symbols, the one of the name; 0 when there is none. */
static uint32_t undefined_in_original(const struct proof_side *side, const char *name)
{
	const uint32_t *indices;
	size_t count = side->original ?
			       name_index_find(&side->original->names, name, &indices) : 0;

	for (size_t i = 0; i < count; i++)
		if (!proof_symbol_defined(side->original, indices[i]))
			return indices[i];
	return 0;
}

static struct proof_running running_global(const struct proof *proof,
					   const struct proof_side *side, const char *name)
{
	uint32_t original = undefined_in_original(side, name);
	struct proof_running running = nowhere;

	/* code that was matched says it */
	if (original && side->before->places[original].space != PLACE_UNKNOWN)
		return running_of_place(proof, side, &side->before->places[original]);
	if (side->parent) {
		const uint32_t *indices;
		size_t count = name_index_find(&side->parent->names, name, &indices);

		for (size_t i = 0; i < count; i++) {
			const struct proof_symbol *symbol = &side->parent->symbols[indices[i]];

			if (proof_symbol_defined(side->parent, indices[i]) &&
			    symbol->bind != STB_LOCAL)
				return (struct proof_running){ RUNNING_MODULE, symbol->section,
							       symbol->value, NULL };
		}
	}
	running = running_export(proof, name);
	return running.kind == RUNNING_NOWHERE ? kernel_global(proof, name) : running;
}

static struct proof_running running_by_name(const struct proof *proof,
					    const struct proof_side *side, uint32_t original)
{
	const struct proof_symbol *s = &side->original->symbols[original];
	struct proof_place place;

	if (proof_body_count(&side->running, s->name) != 1)
		return nowhere;
	place = proof_body_find(&side->running, s->name, 0);
	return running_of_place(proof, side, &place);
}

struct proof_running proof_running_of_patched(const struct proof *proof,
					      const struct proof_side *side, uint32_t symbol)
{
	uint32_t original;

	if (!proof_symbol_defined(side->patched, symbol))
		return running_global(proof, side, side->patched->symbols[symbol].name);
	original = side->original_of[symbol];
	if (!original)
		return nowhere;
	if (side->before->places[original].space != PLACE_UNKNOWN)
		return running_of_place(proof, side, &side->before->places[original]);
	/* No code refers to it (only entries of special sections do): then by its only name. */
	return running_by_name(proof, side, original);
}

struct proof_running proof_running_of_ko(const struct proof *proof, const struct proof_side *side,
					 uint32_t symbol)
{
	const struct proof_symbol *s = &proof->ko->symbols[symbol];
	const char *object = s->name + strlen(KLP_SYM), *name, *comma;
	struct proof_running running = nowhere;
	char *text;

	if (s->section == SHN_UNDEF)
		return running_export(proof, s->name);
	if (s->section != SHN_LIVEPATCH || strncmp(s->name, KLP_SYM, strlen(KLP_SYM)))
		return nowhere;
	name = strchr(object, '.');
	comma = strrchr(s->name, ',');
	if (!name || !comma || comma < name)
		return nowhere;
	text = strdup(object);
	if (!text)
		return nowhere;
	text[name - object] = '\0';
	text[comma - object] = '\0';
	running = proof_running_find(proof, side, text, text + (name + 1 - object),
				     strtoul(comma + 1, NULL, 10));
	free(text);
	return running;
}

/* A list of 32-bit fields, each relative to itself. */
bool proof_running_sealed(const struct proof *proof, const struct proof_side *side,
			  const struct proof_running *place)
{
	const uint8_t *list;
	uint64_t address;
	size_t size;

	if (place->kind == RUNNING_MODULE) {
		const struct proof_object *parent = side->parent;
		const struct proof_section *section;
		uint32_t index = proof_find_section(parent, ".ibt_endbr_seal");

		section = &parent->sections[index];
		for (uint32_t i = 0; index && i < section->reloc_count; i++) {
			struct proof_place there =
				proof_reloc_place(parent, &section->relocs[i], 0);

			if (there.space == PLACE_SECTION && there.index == place->section &&
			    there.value == place->value)
				return true;
		}
		return false;
	}
	if (place->kind != RUNNING_KERNEL)
		return false;
	list = image_section(proof->kernel.vmlinux, ".ibt_endbr_seal", &address, &size);
	for (size_t i = 0; list && i + 4 <= size; i += 4) {
		int32_t offset;

		memcpy(&offset, list + i, sizeof(offset));
		if (address + i + (uint64_t)(int64_t)offset == place->value)
			return true;
	}
	return false;
}

bool proof_running_init(const struct proof *proof, const struct proof_side *side,
			const struct proof_running *place)
{
	struct proof_running start, end;

	if (place->kind == RUNNING_MODULE)
		return !strncmp(side->parent->sections[place->section].name, ".init", 5);
	if (place->kind != RUNNING_KERNEL)
		return false;
	start = kernel_find(proof, "__init_begin", 0);
	end = kernel_find(proof, "__init_end", 0);
	return start.kind == RUNNING_KERNEL && end.kind == RUNNING_KERNEL &&
	       place->value >= start.value && place->value < end.value;
}
