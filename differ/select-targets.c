// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Says for one reference of carried code what it is bound to when the patch is loaded.
 * In: the reference, what is carried, where symbols are. Out: struct target.
 */
#include <string.h>

#include "select.h"

static struct target target_none(const char *code, const char *problem)
{
	return (struct target){ .kind = TARGET_NONE, .code = code, .problem = problem };
}

static bool parent_is_module(const struct selection *selection)
{
	return strcmp(selection->input->parent_name, "vmlinux") != 0;
}

static struct target target_klp(const char *owner, const char *object, const char *name,
				const struct symtab *symtab, uint32_t entry)
{
	struct target target = {
		.kind = TARGET_KLP,
		.owner = owner,
		.object = object,
		.name = name,
		.symtab = symtab,
		.entry = entry,
	};

	if (symtab && symtab_in_init(symtab, entry))
		return target_none("refers-to-init",
				   "it is init code or data, which is gone when the patch runs");
	if (symtab && !symtab_position_holds(symtab, entry))
		return target_none("ambiguous-symbol",
				   "the module has an init symbol of the same name, so that its "
				   "position is not the same before and after init");
	if (symtab)
		target.position = symtab_position(symtab, entry);
	return target;
}

/* An export of vmlinux that any module may import; one in a namespace takes a live-patch one. */
static bool is_plain_export(const struct selection *selection, const char *name)
{
	const struct symvers_entry *export = symvers_find(selection->input->symvers, name);

	return export && !strcmp(export->module, "vmlinux") && !*export->name_space;
}

bool unit_is_overridden_weak(const struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	uint32_t entry;

	return selection->correlation->of_patched[id] == UNIT_NONE && unit->symbol &&
	       model->object->symbols[unit->symbol].bind == STB_WEAK &&
	       symtab_find_global(selection->input->parent, unit->name, &entry);
}

struct target target_of_undefined(const struct selection *selection, const char *name)
{
	const struct diff_input *input = selection->input;
	const struct symvers_entry *export = symvers_find(input->symvers, name);
	const struct symtab *vmlinux = parent_is_module(selection) ? input->vmlinux : input->parent;
	uint32_t entry;

	if (is_plain_export(selection, name))
		return (struct target){ .kind = TARGET_PLAIN, .name = name };
	if (symtab_find_global(input->parent, name, &entry))
		return target_klp(input->parent_name, input->parent_name, name, input->parent,
				  entry);
	if (export && strcmp(export->module, "vmlinux")) {
		/* a module that the parent depends on: there when the parent arrives */
		if (parent_is_module(selection))
			return target_klp(input->parent_name, export->module, name, NULL, 0);
		return target_none("module-export",
				   "it is exported by a module, which built-in code cannot use");
	}
	if (vmlinux && symtab_find_global(vmlinux, name, &entry))
		return target_klp("vmlinux", "vmlinux", name, vmlinux, entry);
	if (export) /* exported by vmlinux, in a namespace, and no table to look it up */
		return target_klp("vmlinux", "vmlinux", name, NULL, 0);
	/* a new global that another object of the patch brings; the builder checks that one does */
	return (struct target){ .kind = TARGET_PLAIN, .name = name };
}

/* A symbol that the original object defines: the live one. */
static struct target target_of_unit(const struct selection *selection, uint32_t orig)
{
	const struct diff_input *input = selection->input;
	const struct correlation *correlation = selection->correlation;
	const struct symbol *symbol;
	uint32_t index, entry;

	if (section_is_init(unit_section(correlation->orig, &correlation->orig->units.items[orig])
				    ->name))
		return target_none("refers-to-init",
				   "in the running kernel it is init code or data, which is gone");
	index = correlation->orig->units.items[orig].symbol;
	symbol = &correlation->orig->object->symbols[index];
	if (symbol->bind != STB_LOCAL && !parent_is_module(selection) &&
	    is_plain_export(selection, symbol->name))
		return (struct target){ .kind = TARGET_PLAIN, .name = symbol->name };
	switch (places_find(selection->places, index, &entry)) {
	case PLACE_FOUND:
		return target_klp(input->parent_name, input->parent_name, symbol->name,
				  input->parent, entry);
	case PLACE_AMBIGUOUS:
		return target_none("ambiguous-symbol",
				   "the kernel has several symbols of this name, and neither their "
				   "file, their users' code nor their neighbours tell which is meant");
	default:
		return target_none("not-in-image",
				   "the running kernel has no symbol of this name; is the object "
				   "compiled with its config and compiler, and part of it?");
	}
}

/* What the patched object defines too, and is not carried. */
static struct target target_of_twin(const struct selection *selection, uint32_t patched)
{
	uint32_t orig = selection->correlation->of_patched[patched];

	if (unit_is_overridden_weak(selection, patched))
		return target_of_undefined(selection,
					   selection_model(selection)->units.items[patched].name);
	if (orig == UNIT_NONE)
		return target_none("no-twin", "nothing in the original object corresponds to it");
	return target_of_unit(selection, orig);
}

struct target target_of_original(const struct selection *selection, struct ref ref)
{
	const struct model *orig = selection->correlation->orig;
	const struct symbol *symbol = &orig->object->symbols[ref.symbol];
	const struct unit *unit;

	if (ref.unit == UNIT_NONE)
		return symbol->section == SYMBOL_UNDEF && *symbol->name ?
			       target_of_undefined(selection, symbol->name) :
			       target_none("unknown-section", "it is of no section that has a name");
	unit = &orig->units.items[ref.unit];
	if (!unit->symbol || (unit->kind != UNIT_FUNC && unit->kind != UNIT_DATA))
		return target_none("no-name", "nothing names it in the running kernel");
	return target_of_unit(selection, ref.unit);
}

bool weak_is_overridden(const struct selection *selection, const struct symbol *symbol)
{
	const struct symtab *parent = selection->input->parent;
	uint32_t entry;

	return symbol->bind == STB_WEAK && symtab_find_global(parent, symbol->name, &entry) &&
	       strchr("TDBR", symtab_at(parent, entry)->type);
}

/*
 * A weak alias (void hook(void) __weak __alias(default_hook)) goes where the linker bound its
 * name, not where it points to in this object.
 */
static bool is_overridden_alias(const struct selection *selection, struct ref ref)
{
	const struct model *model = selection_model(selection);
	const struct symbol *symbol = &model->object->symbols[ref.symbol];
	const struct unit *unit = &model->units.items[ref.unit];

	return ref.symbol != unit->symbol && symbol->value == unit->entry &&
	       weak_is_overridden(selection, symbol);
}

struct target selection_target(const struct selection *selection, struct ref ref, bool address)
{
	const struct model *model = selection_model(selection);
	const struct symbol *symbol = &model->object->symbols[ref.symbol];
	const struct unit *unit;

	if (ref.unit == UNIT_NONE) {
		if (symbol->section == SYMBOL_UNDEF && *symbol->name)
			return target_of_undefined(selection, symbol->name);
		if (symbol->section == SYMBOL_COMMON)
			return target_none("common-symbol",
					   "it is a common symbol; compile with -fno-common");
		return target_none("unknown-section",
				   "it lies in a section that cannot be carried");
	}
	if (is_overridden_alias(selection, ref))
		return target_of_undefined(selection, symbol->name);
	unit = &model->units.items[ref.unit];
	switch (selection->carry[ref.unit]) {
	case CARRY_NO:
		break;
	case CARRY_REPLACED:
		/* A pointer may outlive the patch: it gets the original, which leads here. */
		if (address && unit->kind == UNIT_FUNC && ref.offset == 0)
			break;
		return (struct target){ .kind = TARGET_CARRIED };
	default:
		return (struct target){ .kind = TARGET_CARRIED };
	}
	if (section_is_init(unit_section(model, unit)->name))
		return target_none("refers-to-init",
				   "it is init code or data, which is gone when the patch runs");
	return target_of_twin(selection, ref.unit);
}
