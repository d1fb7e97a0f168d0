// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks at the arrays that are never carried: an entry that came or went there is a change that
 * a patch cannot make. What it means for the rest of the patch depends on the array.
 */
#include <string.h>

#include "read-names.h"
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

/* One of the two objects, with what is looked up in it. */
struct registry_side {
	const struct model *model;
	struct name_index sections, symbols;
};

/*
 * The other object's section of the same name. Objects that were linked together with their sections
 * apart have many of one name: the n-th is the n-th one's.
 */
static const struct section *registry_find(const struct registry_side *side, uint32_t index,
					   const struct registry_side *other)
{
	const char *name = side->model->object->sections[index].name;
	const uint32_t *mine, *theirs;
	size_t count = name_index_find(&side->sections, name, &mine), low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (mine[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < name_index_find(&other->sections, name, &theirs) ?
		       &other->model->object->sections[theirs[low]] :
		       NULL;
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

static size_t registry_row(const char *name)
{
	size_t row;

	for (row = 0; strncmp(name, registries[row].prefix, strlen(registries[row].prefix)); row++)
		;
	return row;
}

/* An export of 6.12 is a label, __export_symbol_NAME, in one section for all. */
static void registry_look_symbol(struct selection *selection, const struct registry_side *side,
				 uint32_t index, const struct registry_side *other, bool gone)
{
	static const char prefix[] = "__export_symbol_";
	const struct object *object = side->model->object;
	const struct symbol *symbol = &object->symbols[index];
	const uint32_t *there;
	size_t row;

	if (!symbol_is_defined(object, symbol) || !*symbol->name ||
	    side->model->classes[symbol->section] != CLASS_REGISTRY)
		return;
	row = registry_row(object->sections[symbol->section].name);
	if (registries[row].policy == POLICY_SYMBOLS &&
	    !name_index_find(&other->symbols, symbol->name, &there))
		registry_tell(selection,
			      strncmp(symbol->name, prefix, sizeof(prefix) - 1) ?
				      symbol->name :
				      symbol->name + sizeof(prefix) - 1,
			      row, gone);
}

static void registry_look(struct selection *selection, const struct registry_side *side,
			  uint32_t index, const struct registry_side *other, bool gone)
{
	const struct section *section = &side->model->object->sections[index];
	const struct section *twin = registry_find(side, index, other);
	size_t row = registry_row(section->name);

	if (registries[row].policy == POLICY_IGNORE || registries[row].policy == POLICY_SYMBOLS ||
	    !section->size)
		return;
	if (!twin || (!gone && registries[row].policy == POLICY_CONTENTS &&
		      !registry_equal(selection, twin, section)))
		registry_tell(selection, registry_name(section), row, gone);
}

static void registry_look_all(struct selection *selection, const struct registry_side *side,
			      const struct registry_side *other, bool gone)
{
	for (uint32_t i = 1; i < side->model->object->section_count; i++)
		if (side->model->classes[i] == CLASS_REGISTRY)
			registry_look(selection, side, i, other, gone);
	for (uint32_t i = 1; i < side->model->object->symbol_count; i++)
		registry_look_symbol(selection, side, i, other, gone);
}

static struct error *registry_side_init(struct registry_side *side, const struct model *model)
{
	const struct object *object = model->object;
	struct error *err;

	side->model = model;
	err = name_index_init(&side->sections, object->sections, object->section_count,
			      sizeof(*object->sections));
	if (!err)
		err = name_index_init(&side->symbols, object->symbols, object->symbol_count,
				      sizeof(*object->symbols));
	return err;
}

struct error *select_registry(struct selection *selection)
{
	struct registry_side orig = { 0 }, patched = { 0 };
	struct error *err = registry_side_init(&orig, selection->correlation->orig);

	if (!err)
		err = registry_side_init(&patched, selection->correlation->patched);
	if (!err) {
		registry_look_all(selection, &patched, &orig, false);
		registry_look_all(selection, &orig, &patched, true);
	}
	name_index_deinit(&orig.sections);
	name_index_deinit(&orig.symbols);
	name_index_deinit(&patched.sections);
	name_index_deinit(&patched.symbols);
	return err;
}
