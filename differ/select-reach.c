// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Follows the references of everything carried, its special entries included: what they reach
 * and the running kernel does not have is carried too; the rest must be something that the patch
 * can be bound to.
 */
#include <string.h>

#include "select.h"
#include "stretch.h"

#define ADVICE_BIND "make the patched code do without it, or carry a copy under a new name"
#define ADVICE_KEY                                                                         \
	"use static_key_enabled() in place of static_branch_*(): a patch's copy of the site " \
	"cannot follow a module's key"

static void reach_refuse(struct selection *selection, uint32_t user, const struct target *target,
			 const char *name)
{
	const struct unit *unit = &selection_model(selection)->units.items[user];

	findings_add(selection->findings, selection_model(selection), user, FINDING_REFUSED,
		     target->code, ADVICE_BIND, "%s refers to %s: %s",
		     unit->name ? unit->name : "carried data", name && *name ? name : "a section",
		     target->problem);
}

static const char *ref_name(const struct selection *selection, struct ref ref)
{
	const struct model *model = selection_model(selection);

	if (ref.unit != UNIT_NONE && model->units.items[ref.unit].name)
		return model->units.items[ref.unit].name;
	if (*model->object->symbols[ref.symbol].name)
		return model->object->symbols[ref.symbol].name;
	if (model->object->symbols[ref.symbol].section < model->object->section_count)
		return model->object->sections[model->object->symbols[ref.symbol].section].name;
	return "something without a name";
}

/* Does it come along, since it has no counterpart in the running kernel? */
static enum carry reach_class(const struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];

	switch (unit->kind) {
	case UNIT_STRING:
	case UNIT_CONST:
		return CARRY_VALUE;
	case UNIT_ANON:
		return model->classes[unit->section] == CLASS_DATA ? CARRY_NO : CARRY_VALUE;
	default:
		if (unit_fresh(model, unit) != FRESH_NO)
			return CARRY_FRESH;
		if (unit_is_overridden_weak(selection, id))
			return CARRY_NO;
		return selection->comparison->verdicts[id] == VERDICT_NEW ? CARRY_NEW : CARRY_NO;
	}
}

/*
 * A static local of the same stem disappeared: is it this one, under another number? Binding
 * the new code to a fresh copy would lose its value.
 */
static bool reach_is_ambiguous_local(const struct selection *selection, uint32_t id)
{
	const struct model *orig = selection->correlation->orig;
	const struct unit *unit = &selection_model(selection)->units.items[id];
	char stem[256], other[256];
	uint32_t i;

	if (unit->kind != UNIT_DATA || !name_is_static_local(unit->name) ||
	    unit_fresh(selection_model(selection), unit) != FRESH_NO ||
	    selection_model(selection)->classes[unit->section] != CLASS_DATA)
		return false;
	name_stem(unit->name, stem, sizeof(stem));
	for (i = 0; i < orig->units.count; i++) {
		const struct unit *gone = &orig->units.items[i];

		if (selection->correlation->of_orig[i] != UNIT_NONE || gone->kind != UNIT_DATA ||
		    !gone->name || !name_is_static_local(gone->name))
			continue;
		name_stem(gone->name, other, sizeof(other));
		if (!strcmp(stem, other))
			return true;
	}
	return false;
}

static void reach_new(struct selection *selection, uint32_t id, enum carry carry)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	const char *section = unit_section(model, unit)->name;

	if (section_is_noinstr(section))
		findings_add(selection->findings, model, id, FINDING_REFUSED, "noinstr",
			     "call it from code that may be traced only, and drop its annotation",
			     "it is new code that must not be traced (%s)", section);
	else if (section_is_init(section))
		findings_add(selection->findings, model, id, FINDING_REFUSED, "init-code",
			     "drop the __init annotation: the patch's init has its own",
			     "carried code refers to new init code or data");
	else if (carry == CARRY_NEW && reach_is_ambiguous_local(selection, id))
		findings_add(selection->findings, model, id, FINDING_REFUSED,
			     "ambiguous-static-local",
			     "give the static local another name if it is a new one",
			     "a static local of this name is gone and another one is there: "
			     "whether it must keep the old one's value cannot be told");
	selection_carry(selection, id, carry);
}

static void reach_ref(struct selection *selection, uint32_t user, struct ref ref, bool address)
{
	struct target target;
	enum carry carry;

	if (ref.unit != UNIT_NONE && selection->carry[ref.unit] == CARRY_NO) {
		carry = reach_class(selection, ref.unit);
		if (carry != CARRY_NO)
			reach_new(selection, ref.unit, carry);
	}
	target = selection_target(selection, ref, address);
	if (target.kind == TARGET_NONE)
		reach_refuse(selection, user, &target, ref_name(selection, ref));
	else if (address && !ref.offset && target_is_sealed(selection, &target))
		findings_add(selection->findings, selection_model(selection), user,
			     FINDING_REFUSED, "sealed-address",
			     "call the function directly, or through a new function of the patch",
			     "it takes the address of %s, which the kernel sealed against "
			     "indirect calls (IBT): nothing took it before",
			     target.name);
}

static bool ref_is_tracing_key(const char *name)
{
	return !strncmp(name, "__tracepoint_", 13) || !strncmp(name, "__SCK__tp_func_", 15);
}

/*
 * Whose key does the site look at? The patch's sites are set up when the patch is loaded; a key
 * that lives in a module may not be there then, nor know of them.
 */
static bool key_is_modules(const struct selection *selection, struct ref ref)
{
	struct target target;

	if (ref.unit != UNIT_NONE && reach_class(selection, ref.unit) != CARRY_NO)
		return false;
	target = selection_target(selection, ref, false);
	return target.kind == TARGET_KLP && strcmp(target.owner, "vmlinux") != 0;
}

/* A jump label that cannot follow its key: where there can be room for it, the code looks at the key itself. */
static enum entry_fate reach_module_label(struct selection *selection, uint32_t user,
					  const struct entry *entry, const char *key)
{
	const struct model *model = selection_model(selection);
	uint8_t *fate = &selection->fates[entry - model->entries.items];
	struct stretch *stretch;
	struct error *err;

	*fate = ENTRY_TESTED;
	err = stretch_make(model, entry->owner, selection->fates, &stretch);
	if (err)
		selection->findings->out_of_memory = true;
	error_destroy(err);
	if (!stretch)
		*fate = ENTRY_CARRIED;
	stretch_destroy(stretch);
	if (*fate == ENTRY_TESTED)
		findings_add(selection->findings, model, user, FINDING_NOTE, "jump-label-tested", NULL,
			     "%s belongs to a module: the patched function reads it each time", key);
	else
		findings_add(selection->findings, model, user, FINDING_REFUSED, "module-jump-label", ADVICE_KEY,
			     "it depends on the key %s, which lives in a module", key);
	return *fate;
}

/*
 * What becomes of an entry with a key. objtool has to see the jump label of a tracepoint that
 * is not fired: without it, the code behind it would be unreachable.
 */
static enum entry_fate reach_key(struct selection *selection, uint32_t user, const struct entry *entry)
{
	const struct special *special = &special_table[entry->special];
	const struct model *model = selection_model(selection);
	const struct section *section = &model->object->sections[entry->section];
	uint32_t i;

	for (i = entry->reloc_first; i < entry->reloc_first + entry->reloc_count; i++) {
		struct ref ref;

		if (section->relocs[i].offset != entry->offset + (uint64_t)special->key_at)
			continue;
		ref = model_ref(model, entry->section, i);
		if (!key_is_modules(selection, ref))
			return ENTRY_CARRIED;
		if (ref_is_tracing_key(ref_name(selection, ref))) {
			findings_add(selection->findings, model, user, FINDING_NOTE,
				     "tracepoint-dropped", NULL,
				     "%s belongs to a module: the patched function does not fire it",
				     ref_name(selection, ref));
			return entry->special == SPECIAL_JUMP ? ENTRY_NEVER : ENTRY_DROPPED;
		}
		/* A call that no entry tells of stays one of the trampoline, which is updated first. */
		if (entry->special == SPECIAL_STATIC_CALL) {
			findings_add(selection->findings, model, user, FINDING_NOTE,
				     "static-call-plain", NULL,
				     "%s belongs to a module: the patched function calls its trampoline",
				     ref_name(selection, ref));
			return ENTRY_DROPPED;
		}
		return reach_module_label(selection, user, entry, ref_name(selection, ref));
	}
	return ENTRY_CARRIED;
}

/*
 * Instructions that are replaced when the patch is loaded cannot also wait for a module: its
 * relocations would find the field overwritten.
 */
static void reach_replacement(struct selection *selection, uint32_t user,
			      const struct entry *entry)
{
	const struct model *model = selection_model(selection);
	const struct section *section = &model->object->sections[entry->section];
	const struct reloc *field;
	const struct section *side;
	uint64_t start, end;
	uint32_t index, i;

	if (entry->reloc_count < 2)
		return;
	field = &section->relocs[entry->reloc_first + 1];
	index = model->object->symbols[field->symbol].section;
	if (index >= model->object->section_count)
		return;
	side = &model->object->sections[index];
	start = model->object->symbols[field->symbol].value + (uint64_t)field->addend;
	end = start + section->data[entry->offset + entry->size - 1];
	for (i = 0; i < side->reloc_count; i++) {
		struct ref ref;
		struct target target;

		if (side->relocs[i].offset < start || side->relocs[i].offset >= end)
			continue;
		ref = model_ref(model, index, i);
		reach_ref(selection, user, ref, ref.flow == FLOW_DATA);
		target = selection_target(selection, ref, false);
		if (target.kind == TARGET_KLP && strcmp(target.owner, "vmlinux"))
			findings_add(selection->findings, model, user, FINDING_REFUSED,
				     "module-alternative", ADVICE_BIND,
				     "an alternative instruction refers to %s, which lives in a module",
				     ref_name(selection, ref));
	}
}

/* select-runtime.c says what becomes of such a constant. */
static void reach_runtime_constant(struct selection *selection, uint32_t user,
				   const struct entry *entry)
{
	const struct model *model = selection_model(selection);
	const char *section = model->object->sections[entry->section].name;
	struct target target;

	if (!runtime_constant_is_load(model, entry)) {
		findings_add(selection->findings, model, user, FINDING_REFUSED, "runtime-constant",
			     "read the variable itself in the patched code, in place of "
			     "runtime_const_*()",
			     "an immediate of it is filled in at boot (%s), which a patch misses",
			     section);
		return;
	}
	target = runtime_constant_target(selection, entry);
	if (target.kind == TARGET_NONE)
		reach_refuse(selection, user, &target, section);
}

/* The fields of an entry, but for a key that another one stands for, and a replacement. */
static void reach_fields(struct selection *selection, uint32_t id, const struct entry *entry,
			 enum entry_fate fate)
{
	const struct model *model = selection_model(selection);
	const struct reloc *relocs = model->object->sections[entry->section].relocs;
	uint64_t key = entry->offset + (uint64_t)special_table[entry->special].key_at;

	for (uint32_t i = 0; i < entry->reloc_count; i++) {
		uint32_t index = entry->reloc_first + i;

		if ((entry->special == SPECIAL_ALT && i == 1) ||
		    (fate == ENTRY_NEVER && relocs[index].offset == key))
			continue;
		reach_ref(selection, id, model_ref(model, entry->section, index), false);
	}
}

static void reach_entries(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	uint32_t i;

	for (i = 0; i < unit->entry_count; i++) {
		uint32_t index = unit->entry_first + i;
		const struct entry *entry = &model->entries.items[index];
		const struct special *special = &special_table[entry->special];
		enum entry_fate fate = ENTRY_CARRIED;

		if (special->dropped)
			fate = ENTRY_DROPPED;
		else if (special->key_at >= 0)
			fate = reach_key(selection, id, entry);
		selection->fates[index] = fate;
		if (fate == ENTRY_DROPPED)
			continue;
		if (entry->special == SPECIAL_RUNTIME_CONST)
			reach_runtime_constant(selection, id, entry);
		if (entry->special == SPECIAL_ALT)
			reach_replacement(selection, id, entry);
		reach_fields(selection, id, entry, fate);
	}
}

/*
 * A jump of two bytes to another function of the same hand-placed section: the assembler chose it
 * since both were near (a sibling call in .sched.text). Carried, it cannot reach that far.
 */
static void reach_short_branch(struct selection *selection, uint32_t user, struct ref ref)
{
	if (ref.unit == user)
		return;
	findings_add(selection->findings, selection_model(selection), user, FINDING_REFUSED,
		     "short-branch",
		     "drop the section annotation of the function, or use the result of the call, "
		     "so that it is not the last thing that the function does",
		     "it jumps to %s with a displacement of one byte, which reaches no further "
		     "than this section",
		     ref_name(selection, ref));
}

static void reach_edge(struct selection *selection, uint32_t user, struct ref ref)
{
	const struct model *model = selection_model(selection);

	findings_add(selection->findings, model, user, FINDING_REFUSED, "ambiguous-end",
		     "declare the variable elsewhere in the file, or without the section annotation",
		     "it refers to where %s ends and %s begins, and the running kernel has not both "
		     "of them there: which one is meant cannot be told",
		     model->units.items[ref.unit - 1].name, model->units.items[ref.unit].name);
}

static void reach_unit(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];
	uint32_t piece, i;

	if (unit->kind == UNIT_FUNC) {
		piece = unit_cold_piece(model, id);
		if (piece != UNIT_NONE)
			selection_carry(selection, piece, CARRY_PIECE);
		if (unit->undecodable)
			findings_add(selection->findings, model, id, FINDING_REFUSED, "undecodable",
				     "report this as a bug of the kit, with the object",
				     "its instructions cannot be decoded");
	}
	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		const struct reloc *reloc =
			&unit_section(model, unit)->relocs[unit->reloc_first + i];

		if (reloc->type == R_X86_64_NONE)
			continue;
		if (ref_is_doubtful(selection, id, reloc, ref))
			reach_edge(selection, id, ref);
		if (reloc->type == R_X86_64_PC8)
			reach_short_branch(selection, id, ref);
		reach_ref(selection, id, ref, ref.flow == FLOW_DATA);
	}
	reach_entries(selection, id);
}

/*
 * Does a carried function no longer use a static local that its original used? One that has no twin
 * has lost its last user: code that still uses it would have it paired.
 */
static void reach_removed_locals(struct selection *selection, uint32_t id)
{
	const struct correlation *correlation = selection->correlation;
	uint32_t orig = correlation->of_patched[id], i;
	const struct unit *unit;

	if (orig == UNIT_NONE)
		return;
	unit = &correlation->orig->units.items[orig];
	for (i = 0; i < unit->reloc_count; i++) {
		struct ref ref =
			model_ref(correlation->orig, unit->section, unit->reloc_first + i);
		const struct unit *local;

		if (ref.unit == UNIT_NONE || correlation->of_orig[ref.unit] != UNIT_NONE)
			continue;
		local = &correlation->orig->units.items[ref.unit];
		if (local->kind != UNIT_DATA || !local->name ||
		    !name_is_static_local(local->name) ||
		    correlation->orig->classes[local->section] != CLASS_DATA ||
		    unit_fresh(correlation->orig, local) != FRESH_NO)
			continue;
		findings_add(selection->findings, selection_model(selection), id, FINDING_NOTE,
			     "removed-static", NULL,
			     "it no longer uses its static variable %s, and nothing else does: what "
			     "that holds is kept, and has no effect",
			     local->name);
	}
}

static void reach_word(struct selection *selection, const struct applied *word)
{
	const struct model *model = selection_model(selection);

	if (word->new_reloc != RELOC_NONE)
		reach_ref(selection, word->unit,
			  model_ref(model, model->units.items[word->unit].section, word->new_reloc),
			  true);
}

void select_reach(struct selection *selection)
{
	size_t at;

	for (at = 0; at < selection->applied.count; at++)
		reach_word(selection, &selection->applied.items[at]);
	for (at = 0; at < selection->pending.count; at++) {
		uint32_t id = selection->pending.items[at];

		reach_unit(selection, id);
		if (selection->carry[id] == CARRY_REPLACED || selection->carry[id] == CARRY_LIFTED)
			reach_removed_locals(selection, id);
	}
}
