// SPDX-License-Identifier: GPL-2.0
/*
 * The livepatch core knows one callback of a kind for an object; a patch can have several, from
 * several sources. They run in the order of their records, the undoing ones in reverse.
 *
 * All of it runs under the core's mutex.
 */
#include "callbacks.h"
#include "data.h"
#include "held.h"
#include "identity.h"
#include "records.h"
#include "relocs.h"

typedef int (*fallible_fn)(struct klp_object *obj);
typedef void (*callback_fn)(struct klp_object *obj);

static bool is_kind(const struct klpkit_callback *record, const struct klp_object *obj,
		    enum klpkit_callback_kind kind)
{
	return record->kind == kind && klpkit_belongs(record->object, obj);
}

static void call(const struct klpkit_callback *record, struct klp_object *obj)
{
	callback_fn fn = klpkit_pointer(record->func);

	fn(obj);
}

/*
 * When a pre_patch fails, the post_unpatch of those that succeeded has to run. A source has its
 * pre_patch first (include/klpkit/patch.h asks for that), so these are the ones before the
 * failed record.
 */
static int call_pre_patch(struct klp_object *obj)
{
	const struct klpkit_callback *record;
	fallible_fn fn;
	int err = 0;

	for_each_klpkit(callbacks, record) {
		if (!is_kind(record, obj, KLPKIT_PRE_PATCH))
			continue;
		fn = klpkit_pointer(record->func);
		err = fn(obj);
		if (err)
			break;
	}
	if (!err)
		return 0;
	while (record-- > __start_klpkit_callbacks)
		if (is_kind(record, obj, KLPKIT_POST_UNPATCH))
			call(record, obj);
	return err;
}

/* For a module: now, or before its init when it arrives. An error refuses it. */
static int pre_patch(struct klp_object *obj)
{
	int err = 0;

	if (obj->mod)
		err = klpkit_check_module(obj->mod);
	if (!err)
		err = klpkit_data_check(obj);
	if (!err)
		err = call_pre_patch(obj);
	if (err) {
		/* The core does not call post_unpatch() then. */
		klpkit_relocs_refused(obj);
		return err;
	}
	klpkit_held_arrive(obj);
	return 0;
}

static void post_patch(struct klp_object *obj)
{
	const struct klpkit_callback *record;

	klpkit_data_apply(obj);
	for_each_klpkit(callbacks, record)
		if (is_kind(record, obj, KLPKIT_POST_PATCH))
			call(record, obj);
}

static void pre_unpatch(struct klp_object *obj)
{
	const struct klpkit_callback *record;

	for_each_klpkit_reverse(callbacks, record)
		if (is_kind(record, obj, KLPKIT_PRE_UNPATCH))
			call(record, obj);
	klpkit_data_undo(obj);
}

static void post_unpatch(struct klp_object *obj)
{
	const struct klpkit_callback *record;

	klpkit_held_drain(klpkit_object_name(obj));
	for_each_klpkit_reverse(callbacks, record)
		if (is_kind(record, obj, KLPKIT_POST_UNPATCH))
			call(record, obj);
	klpkit_relocs_left(obj);
}

void klpkit_callbacks_set(struct klp_object *obj)
{
	obj->callbacks.pre_patch = pre_patch;
	obj->callbacks.post_patch = post_patch;
	obj->callbacks.pre_unpatch = pre_unpatch;
	obj->callbacks.post_unpatch = post_unpatch;
}
