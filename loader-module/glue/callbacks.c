// SPDX-License-Identifier: GPL-2.0
/*
 * The livepatch core knows one callback of a kind for an object; a patch can have several, from
 * several sources. They run in the order of their records, the undoing ones in reverse.
 *
 * All of it runs under the core's mutex.
 */
#include "build.h"
#include "callbacks.h"
#include "data.h"
#include "held.h"
#include "identity.h"
#include "records.h"
#include "relocs.h"

typedef int (*fallible_fn)(struct klp_object *obj);
typedef void (*callback_fn)(struct klp_object *obj);
typedef void (*switch_fn)(bool switched);

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

bool klpkit_callbacks_have_flag(const struct klp_object *obj)
{
	const struct klpkit_callback *record;

	for_each_klpkit(callbacks, record)
		if (is_kind(record, obj, KLPKIT_SWITCH))
			return true;
	return false;
}

void klpkit_callbacks_set_flag(const struct klp_object *obj, bool switched)
{
	const struct klpkit_callback *record;
	switch_fn fn;

	for_each_klpkit(callbacks, record) {
		if (!is_kind(record, obj, KLPKIT_SWITCH))
			continue;
		fn = klpkit_pointer(record->func);
		fn(switched);
	}
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

	/* one that was replaced by the livepatch core, and is enabled anew, has left it on */
	klpkit_callbacks_set_flag(obj, false);
	if (obj->mod)
		err = klpkit_check_module(obj->mod);
	if (!err)
		err = klpkit_data_check(obj);
	if (!err)
		err = klpkit_data_prepare(obj);
	if (!err)
		err = call_pre_patch(obj);
	if (err) {
		/* The core does not call post_unpatch() then. */
		klpkit_data_release(obj);
		klpkit_relocs_refused(obj);
		return err;
	}
	klpkit_held_arrive(obj);
	return 0;
}

static void post_patch(struct klp_object *obj)
{
	const struct klpkit_callback *record;

	if (!klpkit_at_once)
		klpkit_data_apply(obj);
	klpkit_data_settle(obj);
	klpkit_data_release(obj);
	/* the loader knows better, and tells when it is so */
	if (!klpkit_by_loader)
		klpkit_callbacks_set_flag(obj, true);
	for_each_klpkit(callbacks, record)
		if (is_kind(record, obj, KLPKIT_POST_PATCH))
			call(record, obj);
}

static void pre_unpatch(struct klp_object *obj)
{
	const struct klpkit_callback *record;

	if (!klpkit_by_loader && klpkit_callbacks_have_flag(obj)) {
		klpkit_callbacks_set_flag(obj, false);
		/* who has found it true and not slept since */
		synchronize_rcu_tasks();
	}
	for_each_klpkit_reverse(callbacks, record)
		if (is_kind(record, obj, KLPKIT_PRE_UNPATCH))
			call(record, obj);
	if (!klpkit_at_once)
		klpkit_data_undo(obj);
	else if (klpkit_data_prepare(obj))
		pr_err("%s: no memory to change the data of %s back\n", THIS_MODULE->name,
		       klpkit_object_name(obj));
}

static void post_unpatch(struct klp_object *obj)
{
	const struct klpkit_callback *record;

	klpkit_held_drain(klpkit_object_name(obj));
	for_each_klpkit_reverse(callbacks, record)
		if (is_kind(record, obj, KLPKIT_POST_UNPATCH))
			call(record, obj);
	klpkit_data_release(obj);
	klpkit_relocs_left(obj);
}

static int call_fallible(const struct klpkit_callback *record, struct klp_object *obj)
{
	fallible_fn fn = klpkit_pointer(record->func);

	return fn(obj);
}

/* A source has its APPLY before its UNAPPLY: what stands before one that failed is undone, or what stands behind. */
static int call_apply(struct klp_object *obj)
{
	const struct klpkit_callback *record;
	int err = 0;

	for_each_klpkit(callbacks, record) {
		if (is_kind(record, obj, KLPKIT_APPLY))
			err = call_fallible(record, obj);
		if (err)
			break;
	}
	while (err && record-- > __start_klpkit_callbacks)
		if (is_kind(record, obj, KLPKIT_UNAPPLY))
			call_fallible(record, obj);
	return err;
}

static int call_unapply(struct klp_object *obj)
{
	const struct klpkit_callback *record;
	int err = 0;

	for_each_klpkit_reverse(callbacks, record) {
		if (is_kind(record, obj, KLPKIT_UNAPPLY))
			err = call_fallible(record, obj);
		if (err)
			break;
	}
	if (!err)
		return 0;
	while (++record < __stop_klpkit_callbacks)
		if (is_kind(record, obj, KLPKIT_APPLY))
			call_fallible(record, obj);
	return err;
}

int klpkit_callbacks_switch(struct klp_object *obj, bool apply)
{
	int err = apply ? klpkit_data_switch(obj, true) : call_unapply(obj);

	if (err)
		return err;
	err = apply ? call_apply(obj) : klpkit_data_switch(obj, false);
	if (err && apply)
		klpkit_data_switch(obj, false);
	else if (err)
		call_apply(obj);
	return err;
}

void klpkit_callbacks_set(struct klp_object *obj)
{
	obj->callbacks.pre_patch = pre_patch;
	obj->callbacks.post_patch = post_patch;
	obj->callbacks.pre_unpatch = pre_unpatch;
	obj->callbacks.post_unpatch = post_unpatch;
}
