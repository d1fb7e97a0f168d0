// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the selection starts: what changed, what is new and visible to other objects, and what
 * the author's macros name. Each obstacle is one predicate with its reason.
 */
#include <stdlib.h>
#include <string.h>

#include <klpkit/format.h>

#include "select.h"

#define ADVICE_INIT                                                                              \
	"leave the change to init code out of the patch: it has run already and will not run again"
#define ADVICE_FENTRY                                                                            \
	"change a caller that can be traced instead, or move the change into a new function"

static const struct unit *patched_unit(const struct selection *selection, uint32_t id)
{
	return &selection_model(selection)->units.items[id];
}

static const struct symbol *twin_symbol(const struct selection *selection, uint32_t id)
{
	const struct model *orig = selection->correlation->orig;
	uint32_t twin = selection->correlation->of_patched[id];

	return &orig->object->symbols[orig->units.items[twin].symbol];
}

static void refuse(struct selection *selection, uint32_t unit, const char *code,
		   const char *advice, const char *reason)
{
	findings_add(selection->findings, selection_model(selection), unit, FINDING_REFUSED, code,
		     advice, "%s", reason);
}

static bool place_is_known(struct selection *selection, uint32_t id)
{
	const struct model *orig = selection->correlation->orig;
	const struct unit *twin =
		&orig->units.items[selection->correlation->of_patched[id]];
	uint32_t entry;

	switch (places_find(selection->places, twin->symbol, &entry)) {
	case PLACE_FOUND:
		return true;
	case PLACE_AMBIGUOUS:
		refuse(selection, id, "ambiguous-symbol",
		       "give an image (vmlinux or vmlinuz) whose code can be looked at",
		       "the kernel has several symbols of this name, and nothing tells which is meant");
		return false;
	default:
		refuse(selection, id, "not-in-image",
		       "compare config, compiler and source version with the running kernel's",
		       "it changed, but the running kernel has no function of this name");
		return false;
	}
}

static void root_without_fentry(struct selection *selection, uint32_t id)
{
	const char *obstacle, *by;

	if (select_lift(selection, id, &obstacle, &by))
		return;
	findings_add(selection->findings, selection_model(selection), id, FINDING_REFUSED,
		     "no-fentry", ADVICE_FENTRY,
		     "it changed, and has no fentry call by which it could be redirected; carried "
		     "by way of its callers it cannot be: %s%s%s",
		     obstacle, by ? " " : "", by ?: "");
}

static void root_changed_function(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct model *orig = selection->correlation->orig;
	const struct unit *unit = patched_unit(selection, id);
	const struct unit *twin =
		&orig->units.items[selection->correlation->of_patched[id]];
	const char *caller;

	if (unit->name && name_cold_parent(unit->name))
		return; /* its function stands for it */
	if (section_is_init(unit_section(model, unit)->name))
		return; /* select-init.c */
	if (section_is_init(unit_section(orig, twin)->name)) {
		refuse(selection, id, "init-code", ADVICE_INIT,
		       "it was init code, which is gone, and is to be used at run time");
		return;
	}
	if (weak_is_overridden(selection, twin_symbol(selection, id))) {
		findings_add(selection->findings, model, id, FINDING_NOTE, "weak-overridden", NULL,
			     "it is a weak definition that the kernel overrides: the change has no effect");
		return;
	}
	if (unit_is_noinstr(selection, id)) {
		refuse(selection, id, "noinstr", ADVICE_FENTRY,
		       "it is code that must not be traced (.noinstr.text, .entry.text, .cpuidle.text)");
		return;
	}
	caller = noinstr_caller(selection, id);
	if (caller) {
		findings_add(selection->findings, model, id, FINDING_REFUSED, "noinstr-reached",
			     ADVICE_FENTRY,
			     "it is reached from %s, which must not be traced and may run before "
			     "the kernel's entry code is done",
			     caller);
		return;
	}
	if (!model_has_fentry(orig, twin)) {
		root_without_fentry(selection, id);
		return;
	}
	if (place_is_known(selection, id))
		selection_carry(selection, id, CARRY_REPLACED);
}

/* Other objects of the patch may use it; a static one is only carried when it is reached. */
static void root_new(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = patched_unit(selection, id);
	enum section_class class = model->classes[unit->section];
	uint32_t entry;

	if (model->object->symbols[unit->symbol].bind == STB_LOCAL ||
	    section_is_init(unit_section(model, unit)->name) ||
	    unit_is_overridden_weak(selection, id))
		return;
	if (symtab_find_global(selection->input->parent, unit->name, &entry))
		refuse(selection, id, "moved-symbol",
		       "leave it in the file where it was, or give the new one another name",
		       "it is new in this file, and the running kernel has one of this name from "
		       "another file, which its unchanged users keep using");
	if (class == CLASS_CODE || class == CLASS_DATA || class == CLASS_RODATA)
		selection_carry(selection, id, CARRY_NEW);
}

/* A callback for the moment in which everything is stopped, which not every patch has. */
static void check_moment(struct selection *selection, const struct section *section, uint64_t at, uint32_t id)
{
	struct klpkit_author_callback record;

	if (selection->input->at_once || strcmp(section->name, KLPKIT_SEC_AUTHOR_CALLBACKS) || !section->data ||
	    at % sizeof(record) || at + sizeof(record) > section->size)
		return;
	memcpy(&record, section->data + at, sizeof(record));
	if (record.kind == KLPKIT_APPLY || record.kind == KLPKIT_UNAPPLY)
		refuse(selection, id, "apply-hook",
		       "build it with --backend loader --model kernel (or quiesce), or make it a PRE_PATCH, POST_PATCH, "
		       "PRE_UNPATCH or POST_UNPATCH",
		       "it is to run while everything is stopped, and nothing is with this backend and model");
}

/* What the author's records point to: every relocation of those sections. */
static void root_author(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	size_t i, j;

	for (i = 1; i < model->object->section_count; i++) {
		if (model->classes[i] != CLASS_AUTHOR)
			continue;
		for (j = 0; j < model->object->sections[i].reloc_count; j++) {
			struct ref ref = model_ref(model, (uint32_t)i, (uint32_t)j);

			if (ref.unit == UNIT_NONE)
				continue;
			check_moment(selection, &model->object->sections[i],
				     model->object->sections[i].relocs[j].offset, ref.unit);
			if (selection->comparison->verdicts[ref.unit] == VERDICT_NEW)
				selection_carry(selection, ref.unit, CARRY_NEW);
		}
	}
}

void select_roots(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	uint32_t i;

	for (i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		switch (selection->comparison->verdicts[i]) {
		case VERDICT_CHANGED:
			if (unit->kind == UNIT_FUNC)
				root_changed_function(selection, i);
			else
				select_data(selection, i);
			break;
		case VERDICT_NEW:
			root_new(selection, i);
			break;
		default:
			break;
		}
	}
	root_author(selection);
}
