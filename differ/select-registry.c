// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks at the arrays that are never carried: an entry that came or went there is a change that
 * a patch cannot make. What it means for the rest of the patch depends on the array.
 */
#include <string.h>

#include "select.h"

enum policy {
	POLICY_IGNORE,
	POLICY_CONTENTS, /* when its contents changed */
	POLICY_SECTION,	 /* a section an entry, named by it: when it came or went */
	POLICY_SYMBOLS,	 /* likewise, by the symbols in it */
};

/*
 * What is said of an entry that came, or changed, or went. A note or a warning becomes a refusal
 * where nothing else changed: select-init.c.
 */
static const struct {
	const char *prefix;
	enum policy policy;
	enum finding_kind kind;
	const char *code, *reason, *gone, *advice; /* gone: NULL, as reason */
} registries[] = {
	/* only a list of formats, for tools */
	{ ".printk_index", POLICY_IGNORE, 0, NULL, NULL, NULL, NULL },
	{ ".discard.addressable", POLICY_IGNORE, 0, NULL, NULL, NULL, NULL },
	{ ".note", POLICY_IGNORE, 0, NULL, NULL, NULL, NULL },
	{ "__versions", POLICY_IGNORE, 0, NULL, NULL, NULL, NULL },
	{ "__ksymtab_strings", POLICY_IGNORE, 0, NULL, NULL, NULL, NULL },
#define EXPORT FINDING_WARNING, CODE_EXPORT, EXPORT_COMES, EXPORT_GOES, NULL
#define EXPORT_COMES "its export cannot be published: only code of this patch can call it"
#define EXPORT_GOES "its export cannot be withdrawn: modules can still bind to it"
	{ "___ksymtab", POLICY_SECTION, EXPORT },
	{ "__ksymtab", POLICY_CONTENTS, EXPORT },
	{ ".export_symbol", POLICY_SYMBOLS, EXPORT },
	{ "__param", POLICY_CONTENTS, FINDING_WARNING, CODE_PARAMETER,
	  "a module parameter was added, removed or changed: what is registered stays as it is, and "
	  "a new one keeps its initial value",
	  NULL, NULL },
	{ ".modinfo", POLICY_CONTENTS, FINDING_NOTE, CODE_MODINFO,
	  "module information changed, which is read before the module is loaded: left out", NULL,
	  NULL },
#define INIT FINDING_NOTE, CODE_INIT, INIT_REASON, NULL, NULL
#define INIT_REASON "an entry that is called or looked at once, at boot or load, changed: left out"
	{ ".initcall", POLICY_CONTENTS, INIT },
	{ ".con_initcall", POLICY_CONTENTS, INIT },
	{ ".init.setup", POLICY_CONTENTS, INIT },
	{ ".init_array", POLICY_CONTENTS, INIT },
	{ ".ctors", POLICY_CONTENTS, INIT },
	{ ".x86_cpu_dev", POLICY_CONTENTS, INIT },
	{ ".lsm_info", POLICY_CONTENTS, INIT },
	{ "", POLICY_CONTENTS, FINDING_REFUSED, "init-code",
	  "an entry of an array that is walked at boot was added, removed or changed", NULL,
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

static void registry_tell(struct selection *selection, const char *name, size_t row, bool gone)
{
	const char *goes = gone ? registries[row].gone : NULL;

	findings_add(selection->findings, NULL, UNIT_NONE,
		     goes ? FINDING_NOTE : registries[row].kind, registries[row].code,
		     registries[row].advice, "%s: %s", name, goes ?: registries[row].reason);
}

/* The entry's name: an export section of 6.1 bears it behind a plus sign. */
static const char *registry_name(const struct section *section)
{
	const char *plus = strchr(section->name, '+');

	return plus ? plus + 1 : section->name;
}

/* An export of 6.12 is a label, __export_symbol_NAME, in one section for all. */
static void registry_look_symbols(struct selection *selection, const struct object *object,
				  uint32_t section, const struct object *other, size_t row,
				  bool gone)
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
			registry_tell(selection,
				      strncmp(name, prefix, sizeof(prefix) - 1) ?
					      name :
					      name + sizeof(prefix) - 1,
				      row, gone);
	}
}

static void registry_look(struct selection *selection, const struct object *object,
			  uint32_t index, const struct object *other, bool gone)
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
		registry_look_symbols(selection, object, index, other, row, gone);
	else if (!twin || (!gone && registries[row].policy == POLICY_CONTENTS &&
			   !registry_equal(selection, twin, section)))
		registry_tell(selection, registry_name(section), row, gone);
}

void select_registry(struct selection *selection)
{
	const struct model *orig = selection->correlation->orig;
	const struct model *patched = selection->correlation->patched;
	size_t i;

	for (i = 1; i < patched->object->section_count; i++)
		if (patched->classes[i] == CLASS_REGISTRY)
			registry_look(selection, patched->object, (uint32_t)i, orig->object, false);
	for (i = 1; i < orig->object->section_count; i++)
		if (orig->classes[i] == CLASS_REGISTRY)
			registry_look(selection, orig->object, (uint32_t)i, patched->object, true);
}
