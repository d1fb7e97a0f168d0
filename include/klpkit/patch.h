/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For authors of patches: what a patch does besides replacing functions. Included by the patched
 * source itself, as <klpkit/patch.h>; klp-build puts it into the include path.
 *
 * Each of these is one line at file level, after the functions that it names. It leaves a record
 * (format.h) that the differ finds; the glue of the patch module acts on it.
 *
 * Callbacks
 *
 *	static int frob_allocate(struct klp_object *obj) { ... }
 *	static void frob_free(struct klp_object *obj) { ... }
 *
 *	KLPKIT_PRE_PATCH(frob_allocate);
 *	KLPKIT_POST_UNPATCH(frob_free);
 *
 * They belong to the object (vmlinux, or a module) that owns the source file, and are called
 * when that object is patched and unpatched: when the patch is loaded, or when the module
 * arrives, before its init runs; when the patch is disabled, or when the module leaves. In order:
 *
 *   PRE_PATCH     before the first task sees new code. Anything but 0 stops it: the patch is not
 *                 loaded, or the module is not. What other sources had prepared is undone by
 *                 their POST_UNPATCH.
 *   POST_PATCH    all tasks run the new code
 *   PRE_UNPATCH   before the first task goes back
 *   POST_UNPATCH  no task runs the new code; not called when PRE_PATCH failed
 *
 * Several sources, and one source several times, can have each of them. The first two run in the
 * order of the sources and lines, the other two in reverse. A PRE_PATCH and the POST_UNPATCH that
 * undoes it are in the same source, PRE_PATCH first.
 *
 * Two more are for patches that klp_loader.ko applies with a model that switches all at once
 * (klp-build --backend loader --model kernel, or quiesce), to convert data together with the code:
 *
 *   APPLY         everything is stopped, no task is in the old code, and none is in the new yet.
 *                 Anything but 0 keeps the patch from being enabled, and what other sources did is
 *                 undone by their UNAPPLY.
 *   UNAPPLY       the same on the way back. Anything but 0 keeps it enabled.
 *
 * They run with interrupts off: no sleeping, locking, allocating or printing; what they need is made in
 * PRE_PATCH and PRE_UNPATCH. An APPLY comes before the UNAPPLY that undoes it in the same source.
 *
 * An atomic replace calls none of the callbacks of the patch that it replaces: livepatch's rule.
 * All but these two run in process context, may sleep, and must not call back into livepatch.
 *
 * Data states
 *
 * klp-build --state ID:VERSION says what a patch makes of data; a later one that replaces it has to have the same kinds in
 * no lower versions, or is refused. klpkit_state_before(ID), in a callback, tells the version of a kind that the patches
 * before this one have, or had until it took their place; 0 for none.
 *
 * A flag
 *
 *	KLPKIT_SWITCHED(frob_switched);
 *
 *	if (klpkit_switched(&frob_switched))
 *
 * defines a flag that is true while all tasks run the new code, for what new code may do only when nobody runs the old
 * any more. Who finds it true may rely on it until he sleeps. While a patch takes the place of this one it is false with
 * the loader backend; the kernel's own live patching tells nobody, and there it stays true.
 * One line at file level, before the functions that ask for it; a source has one.
 *
 * Drains
 *
 *	static void frob_drain(void) { cancel_delayed_work_sync(&frob_work); }
 *	KLPKIT_DRAINS(frob_work_fn, frob_drain);
 *
 * A function whose address the patch stores somewhere (a timer, a work item, an operations table)
 * can be entered after the patch is disabled, and livepatch does not look for it on any stack.
 * Such a patch can never be removed from memory, unless its author says how the function
 * drains: after the drain has returned, nobody is inside it, and nobody gets inside. It runs once
 * the patch is disabled, when the module that owns the source leaves, or before the patch module
 * is removed, whichever is first.
 */
#ifndef KLPKIT_PATCH_H
#define KLPKIT_PATCH_H

#include <linux/compiler.h>
#include <linux/rcupdate.h>
#include <linux/stringify.h>

#include <klpkit/format.h>
#include <klpkit/object.h>

typedef int (*__klpkit_fallible_fn)(struct klp_object *obj);
typedef void (*__klpkit_callback_fn)(struct klp_object *obj);
typedef void (*__klpkit_switch_fn)(bool switched);
typedef void (*__klpkit_drain_fn)(void);

/* In the order of the lines. */
#define __klpkit_in_order __attribute__((no_reorder))

/* The records have pointers where the format has 64-bit fields; these are the same bytes. */
#define __klpkit_callback(fn, number, type)                                                        \
	__klpkit_callback_named(__PASTE(__klpkit_callback_, __LINE__), fn, number, type)

#define __klpkit_callback_named(name, fn, number, type)                                            \
	static const __section(KLPKIT_SEC_AUTHOR_CALLBACKS) __used __aligned(8)                    \
		__klpkit_in_order struct {                                                         \
		type func;                                                                         \
		__u32 kind, pad;                                                                   \
	} name = { .func = (fn), .kind = (number) };                                               \
	_Static_assert(sizeof(name) ==                                                             \
			       sizeof(struct klpkit_author_callback),                              \
		       "one record of the format")

#define KLPKIT_PRE_PATCH(fn)	__klpkit_callback(fn, KLPKIT_PRE_PATCH, __klpkit_fallible_fn)
#define KLPKIT_POST_PATCH(fn)	__klpkit_callback(fn, KLPKIT_POST_PATCH, __klpkit_callback_fn)
#define KLPKIT_PRE_UNPATCH(fn)	__klpkit_callback(fn, KLPKIT_PRE_UNPATCH, __klpkit_callback_fn)
#define KLPKIT_POST_UNPATCH(fn) __klpkit_callback(fn, KLPKIT_POST_UNPATCH, __klpkit_callback_fn)
#define KLPKIT_APPLY(fn)	__klpkit_callback(fn, KLPKIT_APPLY, __klpkit_fallible_fn)
#define KLPKIT_UNAPPLY(fn)	__klpkit_callback(fn, KLPKIT_UNAPPLY, __klpkit_fallible_fn)

#define KLPKIT_SWITCHED(flag)                                                                      \
	static bool flag;                                                                          \
	static void flag##_set(bool switched)                                                      \
	{                                                                                          \
		smp_store_release(&flag, switched);                                                \
	}                                                                                          \
	__klpkit_callback_named(__klpkit_switch, flag##_set, KLPKIT_SWITCH, __klpkit_switch_fn)

#define klpkit_switched(flag) smp_load_acquire(flag)

/* held can be of any type; drain is void (*)(void) */
#define KLPKIT_DRAINS(held, drain)                                                                 \
	static const __section(KLPKIT_SEC_AUTHOR_DRAINS) __used __aligned(8)                       \
		__klpkit_in_order struct {                                                         \
		typeof(&held) func;                                                                \
		__klpkit_drain_fn drained;                                                         \
	} __PASTE(__klpkit_drain_, __LINE__) = { .func = &held, .drained = (drain) };              \
	_Static_assert(sizeof(__PASTE(__klpkit_drain_, __LINE__)) ==                               \
			       sizeof(struct klpkit_author_drain),                                 \
		       "one record of the format")

#endif
