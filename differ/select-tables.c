// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks at what the kernel finds by its section and nothing refers to: tables of entries without
 * names (.pci_fixup_*), variables placed in an array of the linker script, lists of BTF ids. A
 * change there is one that a patch cannot make.
 */
#include <stdlib.h>
#include <string.h>

#include "select.h"

#define ADVICE_TABLE "do in a callback what the entry would have done (include/klpkit/patch.h)"

static bool starts_with(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* Where a variable lies for its own sake, and is found by its name. */
static bool section_is_storage(const char *name)
{
	static const char *const prefixes[] = {
		".data", ".bss", ".rodata", ".ref.data", "__dyndbg", ".BTF_ids", "__tracepoint",
	};
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (starts_with(name, prefixes[i]))
			return true;
	return section_is_init(name);
}

static bool section_is_table(const struct model *model, uint32_t index)
{
	return (model->classes[index] == CLASS_DATA || model->classes[index] == CLASS_RODATA) &&
	       !section_is_storage(model->object->sections[index].name);
}

/* The bytes of a section that belong to no name. */
static uint64_t table_unnamed(const struct model *model, uint32_t index)
{
	uint64_t size = 0;
	uint32_t i;

	for (i = model->section_units[index]; i < model->section_units[index + 1]; i++)
		if (model->units.items[i].kind == UNIT_ANON)
			size += model->units.items[i].end - model->units.items[i].start;
	return size;
}

static uint32_t table_twin(const struct model *model, const char *name)
{
	uint32_t i;

	for (i = 1; i < model->object->section_count; i++)
		if (!strcmp(model->object->sections[i].name, name) &&
		    (model->classes[i] == CLASS_DATA || model->classes[i] == CLASS_RODATA))
			return i;
	return 0;
}

static bool tables_equal(const struct correlation *correlation, uint32_t orig, uint32_t patched)
{
	uint32_t i = correlation->orig->section_units[orig];
	uint32_t j = correlation->patched->section_units[patched];
	uint32_t count = correlation->orig->section_units[orig + 1] - i;

	if (count != correlation->patched->section_units[patched + 1] - j)
		return false;
	for (; count; count--, i++, j++)
		if (correlation->orig->units.items[i].kind == UNIT_ANON &&
		    (correlation->patched->units.items[j].kind != UNIT_ANON ||
		     !units_equal_by_value(correlation, i, j, 0)))
			return false;
	return true;
}

static void table_refuse(struct selection *selection, const char *name)
{
	findings_add(selection->findings, NULL, UNIT_NONE, FINDING_REFUSED, "section-table",
		     ADVICE_TABLE,
		     "%s: an entry of a table that the kernel walks was added, removed or changed",
		     name);
}

static void look_at_unnamed(struct selection *selection)
{
	const struct correlation *correlation = selection->correlation;
	const struct model *orig = correlation->orig, *patched = correlation->patched;
	uint32_t i, twin;

	for (i = 1; i < patched->object->section_count; i++) {
		const char *name = patched->object->sections[i].name;

		if (!section_is_table(patched, i) || !table_unnamed(patched, i))
			continue;
		twin = table_twin(orig, name);
		if (!twin || !tables_equal(correlation, twin, i))
			table_refuse(selection, name);
	}
	for (i = 1; i < orig->object->section_count; i++) {
		const char *name = orig->object->sections[i].name;

		if (!section_is_table(orig, i) || !table_unnamed(orig, i))
			continue;
		twin = table_twin(patched, name);
		if (!twin || !table_unnamed(patched, twin))
			table_refuse(selection, name);
	}
}

static void mark_referred(const struct model *model, uint8_t *referred)
{
	uint32_t i, j;

	for (i = 1; i < model->object->section_count; i++) {
		if (model->classes[i] == CLASS_META || model->classes[i] == CLASS_REGISTRY)
			continue;
		for (j = 0; j < model->object->sections[i].reloc_count; j++) {
			struct ref ref = model_ref(model, i, j);

			if (ref.unit != UNIT_NONE)
				referred[ref.unit] = 1;
		}
	}
}

/* A new variable in such a section that no code uses: the linker script does. */
static void look_at_named(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	uint8_t *referred = calloc(model->units.count + 1, 1);
	uint32_t i;

	if (!referred) {
		selection->findings->out_of_memory = true;
		return;
	}
	mark_referred(model, referred);
	for (i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (unit->kind == UNIT_DATA && !referred[i] &&
		    selection->comparison->verdicts[i] == VERDICT_NEW &&
		    section_is_table(model, unit->section))
			findings_add(selection->findings, model, i, FINDING_REFUSED,
				     "section-table", ADVICE_TABLE,
				     "it is a new entry of a table that the kernel walks (%s)",
				     unit_section(model, unit)->name);
	}
	free(referred);
}

struct btf_id {
	const struct symbol *symbol;
	size_t length; /* of the name without its number */
};

struct btf_ids {
	struct btf_id *items;
	size_t count, room;
};

static int btf_id_compare(const void *left, const void *right)
{
	const struct symbol *a = ((const struct btf_id *)left)->symbol;
	const struct symbol *b = ((const struct btf_id *)right)->symbol;

	return a->value < b->value ? -1 : a->value > b->value;
}

/* __BTF_ID__func__NAME__123, in the order of the section. */
static bool btf_ids_collect(const struct object *object, struct btf_ids *ids)
{
	size_t i;

	for (i = 1; i < object->symbol_count; i++) {
		const struct symbol *symbol = &object->symbols[i];
		struct btf_id *id;

		if (!starts_with(symbol->name, "__BTF_ID__"))
			continue;
		id = array_add(ids);
		if (!id)
			return false;
		id->symbol = symbol;
		id->length = strlen(symbol->name);
		while (id->length && strchr("0123456789", symbol->name[id->length - 1]))
			id->length--;
	}
	if (ids->count)
		qsort(ids->items, ids->count, sizeof(*ids->items), btf_id_compare);
	return true;
}

static bool btf_ids_equal(const struct btf_ids *a, const struct btf_ids *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->items[i].symbol->value != b->items[i].symbol->value ||
		    a->items[i].length != b->items[i].length ||
		    strncmp(a->items[i].symbol->name, b->items[i].symbol->name, a->items[i].length))
			return false;
	return true;
}

/* Their numbers are written into the image when it is linked; into a patch, nobody writes them. */
static void look_at_btf_ids(struct selection *selection)
{
	struct btf_ids orig = {0}, patched = {0};

	if (!btf_ids_collect(selection->correlation->orig->object, &orig) ||
	    !btf_ids_collect(selection->correlation->patched->object, &patched))
		selection->findings->out_of_memory = true;
	else if (!btf_ids_equal(&orig, &patched))
		findings_add(selection->findings, NULL, UNIT_NONE, FINDING_REFUSED, "btf-ids",
			     "leave the change of the BTF_ID lists and sets out of the patch",
			     ".BTF_ids: a list of BTF ids changed, whose numbers only the link of "
			     "the kernel can fill in");
	free(orig.items);
	free(patched.items);
}

void select_tables(struct selection *selection)
{
	look_at_unnamed(selection);
	look_at_named(selection);
	look_at_btf_ids(selection);
}
