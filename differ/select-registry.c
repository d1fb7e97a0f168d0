// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks at the arrays that are never carried: an entry that came or went there is a change that
 * a patch cannot make, and is refused with the reason that fits the array.
 */
#include <string.h>

#include "select.h"

enum policy {
	POLICY_IGNORE,
	POLICY_REFUSE,	/* when its contents changed */
	POLICY_SECTION, /* a section an entry, named by it: when it came or went */
	POLICY_SYMBOLS, /* likewise, by the symbols in it */
};

static const struct {
	const char *prefix;
	enum policy policy;
	const char *code, *reason, *advice;
} registries[] = {
	/* only a list of formats, for tools */
	{ ".printk_index", POLICY_IGNORE, NULL, NULL, NULL },
	{ ".discard.addressable", POLICY_IGNORE, NULL, NULL, NULL },
	{ ".note", POLICY_IGNORE, NULL, NULL, NULL },
	{ "__versions", POLICY_IGNORE, NULL, NULL, NULL },
	{ "__ksymtab_strings", POLICY_IGNORE, NULL, NULL, NULL },
	{ "___ksymtab", POLICY_SECTION, "new-export", "an export was added, removed or changed",
	  "leave the EXPORT_SYMBOL line out: a patch cannot publish or withdraw an export" },
	{ "__ksymtab", POLICY_REFUSE, "new-export", "an export was added, removed or changed",
	  "leave the EXPORT_SYMBOL line out: a patch cannot publish or withdraw an export" },
	{ ".export_symbol", POLICY_SYMBOLS, "new-export", "an export was added, removed or changed",
	  "leave the EXPORT_SYMBOL line out: a patch cannot publish or withdraw an export" },
	{ "__param", POLICY_REFUSE, "module-parameter", "a module parameter was added, removed or changed",
	  "leave the parameter out: parameters are registered when the object is loaded" },
	{ ".modinfo", POLICY_REFUSE, "module-info", "module information (parameters, aliases) changed",
	  "leave the MODULE_* line out: it is read before the module is loaded" },
	{ "", POLICY_REFUSE, "init-code", "an entry of an array that is walked at boot was added, removed or changed",
	  "do in a callback what the entry would have done (include/klpkit/patch.h)" },
};

static const struct section *registry_find(const struct object *object, const char *name)
{
	size_t i;

	for (i = 1; i < object->section_count; i++)
		if (!strcmp(object->sections[i].name, name) && object->sections[i].type != SHT_RELA)
			return &object->sections[i];
	return NULL;
}

static bool registry_equal(const struct selection *selection, const struct section *a,
			   const struct section *b)
{
	const struct correlation *correlation = selection->correlation;
	uint32_t left = (uint32_t)(a - correlation->orig->object->sections);
	uint32_t right = (uint32_t)(b - correlation->patched->object->sections), i;

	if (a->size != b->size || !a->data != !b->data || a->reloc_count != b->reloc_count ||
	    (a->data && memcmp(a->data, b->data, a->size)))
		return false;
	for (i = 0; i < a->reloc_count; i++)
		if (a->relocs[i].offset != b->relocs[i].offset ||
		    !refs_equal(correlation, model_ref(correlation->orig, left, i),
				model_ref(correlation->patched, right, i)))
			return false;
	return true;
}

static void registry_refuse(struct selection *selection, const char *name, size_t row)
{
	findings_add(selection->findings, NULL, UNIT_NONE, FINDING_REFUSED, registries[row].code,
		     registries[row].advice, "%s: %s", name, registries[row].reason);
}

/* The entry's name: an export section of 6.1 bears it behind a plus sign. */
static const char *registry_name(const struct section *section)
{
	const char *plus = strchr(section->name, '+');

	return plus ? plus + 1 : section->name;
}

/* An export of 6.12 is a label, __export_symbol_NAME, in one section for all. */
static void registry_look_symbols(struct selection *selection, const struct object *object,
				  uint32_t section, const struct object *other, size_t row)
{
	static const char prefix[] = "__export_symbol_";
	size_t i, j;

	for (i = 1; i < object->symbol_count; i++) {
		const char *name = object->symbols[i].name;

		if (object->symbols[i].section != section || !*name)
			continue;
		for (j = 1; j < other->symbol_count && strcmp(other->symbols[j].name, name); j++)
			;
		if (j == other->symbol_count)
			registry_refuse(selection,
					strncmp(name, prefix, sizeof(prefix) - 1) ?
						name :
						name + sizeof(prefix) - 1,
					row);
	}
}

static void registry_look(struct selection *selection, const struct object *object,
			  uint32_t index, const struct object *other, bool compare)
{
	const struct section *section = &object->sections[index];
	const struct section *twin = registry_find(other, section->name);
	size_t row;

	for (row = 0; strncmp(section->name, registries[row].prefix,
			      strlen(registries[row].prefix)); row++)
		;
	if (registries[row].policy == POLICY_IGNORE || !section->size)
		return;
	if (registries[row].policy == POLICY_SYMBOLS)
		registry_look_symbols(selection, object, index, other, row);
	else if (!twin || (compare && registries[row].policy == POLICY_REFUSE &&
			   !registry_equal(selection, twin, section)))
		registry_refuse(selection, registry_name(section), row);
}

void select_registry(struct selection *selection)
{
	const struct model *orig = selection->correlation->orig;
	const struct model *patched = selection->correlation->patched;
	size_t i;

	for (i = 1; i < patched->object->section_count; i++)
		if (patched->classes[i] == CLASS_REGISTRY)
			registry_look(selection, patched->object, (uint32_t)i, orig->object, true);
	for (i = 1; i < orig->object->section_count; i++)
		if (orig->classes[i] == CLASS_REGISTRY)
			registry_look(selection, orig->object, (uint32_t)i, patched->object, false);
}
