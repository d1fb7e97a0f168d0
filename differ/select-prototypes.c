// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what is carried. Out: a refusal where a call would go from one prototype to another: what stays as it is calls
 * a carried function as it was, or carried code calls what stays as it will not be. Registers that nobody has set are
 * then taken for parameters. Variables of other objects likewise.
 */
#include <string.h>

#include "layout.h"
#include "read-callers.h"
#include "select.h"

#define ADVICE_CALLEE "patch the source that defines it, too, or leave its prototype as it is"
#define ADVICE_CALLERS "patch all that call it, too, without --touched-only, or give the new function another name"
#define ADVICE_VARIABLE "leave the variable as it is, and keep what is new in another one"
#define ADVICE_CALLBACK "leave its parameters and result as they are"

struct prototypes {
	struct prototype before, after;
};

/* A function that both versions know: true when it takes or gives something else now. */
static bool is_changed(const struct selection *selection, const char *name, struct prototypes *ret)
{
	const struct type_user *a = layouts_user(selection->orig_types, name);
	const struct type_user *b = layouts_user(selection->patched_types, name);

	if (!a || !b || !a->function || !b->function)
		return false;
	ret->before = prototype_of_function(selection->orig_types, a);
	ret->after = prototype_of_function(selection->patched_types, b);
	return !prototypes_same(&ret->before, &ret->after);
}

/* By this object, or by another file of the same module or of the kernel. */
static bool is_exported(const struct selection *selection, const char *name)
{
	const struct object *object = selection->correlation->orig->object;
	const struct symvers_entry *listed = symvers_find(selection->input->symvers, name);

	if (listed && !strcmp(listed->module, selection->input->parent_name))
		return true;

	for (size_t i = 1; i < object->section_count; i++) {
		const char *plus = strchr(object->sections[i].name, '+');

		if (plus && !strncmp(object->sections[i].name, "___ksymtab", 10) && !strcmp(plus + 1, name))
			return true;
	}
	for (size_t i = 1; i < object->symbol_count; i++)
		if (!strncmp(object->symbols[i].name, "__export_symbol_", 16) &&
		    !strcmp(object->symbols[i].name + 16, name))
			return true;
	return false;
}

/* BPF programs call it (a kfunc), by the prototype that the kernel's own type information has. */
static bool is_bpf_visible(const struct model *model, const char *name)
{
	static const char prefix[] = "__BTF_ID__func__";
	size_t length = strlen(name);

	for (size_t i = 1; i < model->object->symbol_count; i++) {
		const char *symbol = model->object->symbols[i].name;

		if (!strncmp(symbol, prefix, sizeof(prefix) - 1) &&
		    !strncmp(symbol + sizeof(prefix) - 1, name, length) &&
		    !strncmp(symbol + sizeof(prefix) - 1 + length, "__", 2))
			return true;
	}
	return false;
}

/*
 * Init or exit code of a module that uses it: that is run when the module comes and goes, is not replaced, and finds
 * the patch there.
 */
static const char *init_user(const struct selection *selection, uint32_t twin)
{
	const struct model *model = selection->correlation->orig;

	if (!strcmp(selection->input->parent_name, "vmlinux"))
		return NULL;
	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *user = &model->units.items[i];

		if (!section_is_init(unit_section(model, user)->name))
			continue;
		for (uint32_t n = 0; n < user->reloc_count; n++)
			if (model_ref(model, user->section, user->reloc_first + n).unit == twin)
				return user->name ?: "data";
	}
	return NULL;
}

struct outsider {
	const struct selection *selection;
	const char *name;
	bool calls;
};

/* One of several of that name may be another object's. */
static bool is_own(const struct selection *selection, const char *name)
{
	const struct diff_input *input = selection->input;
	const uint32_t *others;

	if (symtab_find(input->parent, name, &others) != 1)
		return false;
	if (input->own_functions)
		return diff_names_have(input->own_functions, name);
	return model_functions(selection->correlation->orig, name, strlen(name), &others) > 0;
}

static bool note_outsider(void *data, const char *name, bool calls)
{
	struct outsider *outsider = data;

	/* who has the address may be anyone, whoever took it */
	if (calls && is_own(outsider->selection, name))
		return false;
	outsider->name = name;
	outsider->calls = calls;
	return true;
}

/* What is in no object of the patch and has to do with a global function. */
static struct outsider find_outsider(const struct selection *selection, uint32_t twin)
{
	const struct diff_input *input = selection->input;
	struct outsider outsider = { selection, NULL, false };
	uint32_t entry;

	/* no image: what there is cannot be told */
	if (input->image &&
	    places_find(selection->places, selection->correlation->orig->units.items[twin].symbol, &entry) ==
		    PLACE_FOUND)
		callers_each(input->image, input->parent, entry, note_outsider, &outsider);
	else
		outsider.name = "another object, perhaps";
	return outsider;
}

/*
 * Who calls a replaced function from outside of the patch? A clone is called by this object's code only, which was
 * compiled with it.
 */
static void judge_callee(struct selection *selection, uint32_t id)
{
	const struct correlation *correlation = selection->correlation;
	const char *name = correlation->patched->units.items[id].name, *taker;
	uint32_t twin = correlation->of_patched[id];
	struct prototypes prototypes;
	struct outsider outsider;

	if (twin == UNIT_NONE || !is_changed(selection, name, &prototypes))
		return;
	if (is_exported(selection, name)) {
		findings_add(selection->findings, correlation->patched, id, FINDING_REFUSED, "export-prototype",
			     "keep the exported function as it is, and give the new one another name",
			     "it is exported, and its parameters or result have other types: modules call it "
			     "as it was");
		return;
	}
	if (strchr(name, '.') || prototype_suits(&prototypes.before, &prototypes.after))
		return;
	taker = is_bpf_visible(correlation->orig, name) ? "BPF" : unit_address_taker(correlation->orig, twin);
	if (taker) {
		findings_add(selection->findings, correlation->patched, id, FINDING_REFUSED, "callback-prototype",
			     ADVICE_CALLBACK,
			     "its parameters or result have other types, and its address is taken by %s: who has it "
			     "from there calls it as it was",
			     taker);
		return;
	}
	taker = init_user(selection, twin);
	if (taker) {
		findings_add(selection->findings, correlation->patched, id, FINDING_REFUSED, "init-prototype",
			     ADVICE_CALLBACK,
			     "its parameters or result have other types, and %s, which is run as it was when the module "
			     "comes or goes, calls it as it was",
			     taker);
		return;
	}
	if (unit_is_static(correlation->orig, twin))
		return;
	outsider = find_outsider(selection, twin);
	if (outsider.name)
		findings_add(selection->findings, correlation->patched, id,
			     selection->input->own_functions ? FINDING_REFUSED : FINDING_WARNING, "global-prototype",
			     ADVICE_CALLERS,
			     "its parameters or result have other types, and what is not part of the patch %s it as it "
			     "was: %s",
			     outsider.calls ? "calls" : "can call", outsider.name);
}

/* A variable that lives: true when it is of another size or kind now. Only a sign is as good. */
static bool is_other_variable(const struct selection *selection, const char *name)
{
	const struct layouts *orig = selection->orig_types, *patched = selection->patched_types;
	const struct type_user *a = layouts_user(orig, name), *b = layouts_user(patched, name);
	const struct type *before, *after;

	if (!a || !b || a->function || b->function || types_same(orig, a->result, patched, b->result))
		return false;
	before = type_get(orig, type_bare(orig, a->result));
	after = type_get(patched, type_bare(patched, b->result));
	return !before || !after || before->kind != after->kind || before->kind != TYPE_BASE ||
	       before->size != after->size;
}

/* Of another object, or of this one and not carried. */
static bool is_live_variable(const struct selection *selection, struct ref ref)
{
	return ref.unit == UNIT_NONE ||
	       (selection_model(selection)->units.items[ref.unit].kind == UNIT_DATA &&
		selection->carry[ref.unit] == CARRY_NO && selection->correlation->of_patched[ref.unit] != UNIT_NONE);
}

/* The functions of this object are what they are compiled to; what other objects define may stay as it is. */
static void judge_uses(struct selection *selection, uint32_t id)
{
	const struct diff_input *input = selection->input;
	const struct model *model = selection_model(selection);
	const struct unit *unit = &model->units.items[id];

	for (uint32_t i = 0; i < unit->reloc_count; i++) {
		struct ref ref = model_ref(model, unit->section, unit->reloc_first + i);
		struct prototypes prototypes;
		const char *name;

		name = ref.unit == UNIT_NONE ? model->object->symbols[ref.symbol].name :
					       model->units.items[ref.unit].name;
		if (name && is_live_variable(selection, ref) && is_other_variable(selection, name))
			findings_add(selection->findings, model, id, FINDING_REFUSED, "variable-type", ADVICE_VARIABLE,
				     "it uses %s, which is declared with another type: the running kernel's is what it "
				     "was",
				     name);
		if (ref.unit != UNIT_NONE)
			continue;
		/* a static call's trampoline is where it was, whoever is called by it */
		if ((input->other_functions && strncmp(name, "__SCT__", 7) &&
		     diff_names_have(input->other_functions, name)) ||
		    !is_changed(selection, name, &prototypes))
			continue;
		findings_add(selection->findings, model, id,
			     input->own_functions ? FINDING_REFUSED : FINDING_WARNING, "callee-prototype",
			     ADVICE_CALLEE,
			     "it uses %s, whose parameters or result have other types, and which is not part of the "
			     "patch: the running kernel's takes and gives what it did",
			     name);
	}
}

struct error *select_prototypes(struct selection *selection)
{
	const struct model *model = selection_model(selection);
	struct error *err = selection_types(selection);

	for (uint32_t i = 0; !err && i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (selection->carry[i] == CARRY_NO)
			continue;
		if (unit->kind == UNIT_FUNC && unit->name && selection->carry[i] != CARRY_PIECE)
			judge_callee(selection, i);
		judge_uses(selection, i);
	}
	return err;
}
