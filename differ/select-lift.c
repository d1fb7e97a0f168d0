// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A changed function without an fentry call (avc_alloc_node() and other plain inlines that the
 * compiler kept as functions, which are notrace; files that are built without tracing) cannot be
 * redirected, but its callers often can: it is carried as new code, and all that calls it is
 * replaced, or lifted likewise. In: a changed function. Out: it and its callers are carried, or
 * why they cannot be.
 *
 * That holds only when all that can lead to it is known: a static function, each use of whose
 * address is a direct call, in both versions. After an ordinary call the caller is on the stack,
 * where the check finds it; after a sibling call it is not, and who is in the old function would
 * be taken for one who has left. The loader is told to look for the old function itself then; the
 * kernel's own live patching cannot be.
 */
#include <string.h>

#include "select.h"

struct lift {
	struct selection *selection;
	uint8_t *seen; /* by unit of patched: enum lift_fate */
	const char *obstacle, *by; /* why not, and whose fault it is; by may be NULL */
	bool out_of_memory;
};

enum lift_fate {
	LIFT_UNSEEN,
	LIFT_LIFTED,
	LIFT_CHECKED, /* lifted, and reached by a sibling call */
	LIFT_REPLACED,
};

static bool fail(struct lift *lift, const char *obstacle, const char *by)
{
	lift->obstacle = obstacle;
	lift->by = by;
	return false;
}

static bool is_init(const struct model *model, uint32_t id)
{
	return section_is_init(unit_section(model, &model->units.items[id])->name);
}

typedef bool (*lift_caller)(struct lift *lift, uint32_t caller);

/* Looks at each use in one version; told of every function that calls it. jumps: one does so by a sibling call. */
static bool look_at_uses(struct lift *lift, const struct model *model, uint32_t id,
			 lift_caller tell, bool *jumps)
{
	bool may_jump = lift->selection->input->for_loader;

	if (unit_is_listed(model, id))
		return fail(lift, "its address is stored", NULL);
	for (uint32_t i = 0; i < model->units.count; i++) {
		const struct unit *user = &model->units.items[i];
		uint32_t caller = unit_function(model, i);
		bool calls = false;

		if (caller == id)
			continue; /* itself, or its cold piece */
		for (uint32_t n = 0; n < user->reloc_count; n++) {
			struct ref ref = model_ref(model, user->section, user->reloc_first + n);

			if (ref.unit == UNIT_NONE || unit_function(model, ref.unit) != id)
				continue;
			if (ref.flow == FLOW_CALL)
				calls = true;
			else if (user->kind == UNIT_FUNC && ref.flow == FLOW_JUMP && may_jump)
				calls = *jumps = true;
			else if (user->kind == UNIT_FUNC && ref.flow == FLOW_JUMP)
				return fail(lift, "it is reached by a sibling call, which leaves no "
						  "trace of the caller on the stack, from",
					    user->name);
			else
				return fail(lift, "its address is taken by", user->name);
		}
		if (calls && !is_init(model, i) && tell && !tell(lift, caller))
			return false;
	}
	return true;
}

static bool lift_one(struct lift *lift, uint32_t id);

static bool take_caller(struct lift *lift, uint32_t caller)
{
	const struct selection *selection = lift->selection;
	const struct correlation *correlation = selection->correlation;
	uint32_t twin = correlation->of_patched[caller], entry;
	const char *name = selection_model(selection)->units.items[caller].name;

	if (lift->seen[caller] != LIFT_UNSEEN || twin == UNIT_NONE)
		return true; /* a new function is carried when something of the patch uses it */
	if (unit_is_noinstr(selection, caller) || noinstr_caller(selection, caller))
		return fail(lift, "it is called where nothing may be traced, by", name);
	if (!model_has_fentry(correlation->orig, &correlation->orig->units.items[twin]))
		return lift_one(lift, caller);
	if (places_find(selection->places, correlation->orig->units.items[twin].symbol, &entry) !=
	    PLACE_FOUND)
		return fail(lift, "the running kernel has no one function of this name that calls it:",
			    name);
	lift->seen[caller] = LIFT_REPLACED;
	return true;
}

static bool lift_one(struct lift *lift, uint32_t id)
{
	const struct correlation *correlation = lift->selection->correlation;
	uint32_t twin = correlation->of_patched[id];
	const char *name = correlation->patched->units.items[id].name;
	bool jumps = false;
	uint32_t entry;

	if (!unit_is_static(correlation->patched, id) || !unit_is_static(correlation->orig, twin))
		return fail(lift, "other objects may call it:", name);
	lift->seen[id] = LIFT_LIFTED;
	/* who is in the old function came from an old caller */
	if (!look_at_uses(lift, correlation->orig, twin, NULL, &jumps))
		return false;
	if (jumps && places_find(lift->selection->places, correlation->orig->units.items[twin].symbol, &entry) !=
			     PLACE_FOUND)
		return fail(lift, "it is reached by a sibling call, and the running kernel has no one function of "
				  "its name to look for:",
			    name);
	if (jumps)
		lift->seen[id] = LIFT_CHECKED;
	return look_at_uses(lift, correlation->patched, id, take_caller, &jumps);
}

static void carry_all(const struct lift *lift, uint32_t id)
{
	struct selection *selection = lift->selection;

	for (uint32_t i = 0; i < selection_model(selection)->units.count; i++) {
		if (lift->seen[i] == LIFT_UNSEEN)
			continue;
		if (selection->because[i] == UNIT_NONE && i != id)
			selection->because[i] = id;
		selection_carry(selection, i,
				lift->seen[i] == LIFT_REPLACED ? CARRY_REPLACED : CARRY_LIFTED);
		if (lift->seen[i] == LIFT_CHECKED)
			selection_check(selection, i, "it is reached by a sibling call");
	}
}

bool select_lift(struct selection *selection, uint32_t id, const char **obstacle_ret,
		 const char **by_ret)
{
	struct lift lift = { .selection = selection };
	bool lifted;

	lift.seen = calloc(selection_model(selection)->units.count + 1, sizeof(*lift.seen));
	if (!lift.seen) {
		selection->findings->out_of_memory = true;
		return true;
	}
	lifted = lift_one(&lift, id);
	if (lifted)
		carry_all(&lift, id);
	*obstacle_ret = lift.obstacle;
	*by_ret = lift.by;
	free(lift.seen);
	return lifted;
}
