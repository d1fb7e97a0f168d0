/* SPDX-License-Identifier: GPL-2.0 */
/* The patches that are loaded, and the lock that all that changes them is under. */
#ifndef KLPL_PATCHES_H
#define KLPL_PATCHES_H

#include <linux/completion.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include <klpkit/loader.h>

#include "redirect.h"
#include "stacks.h"

struct klpl_part_files;

struct klpl_part {
	const struct klpl_object_info *info;
	struct klpl_part_files *files; /* sysfs.c's */
	bool there;   /* its object is, and versions are resolved */
	bool left_out; /* its object came without it: tried again when the patch is enabled */
	bool patched; /* pre_patch() was called, and post_unpatch() not yet */
	bool applied; /* apply() was called, and unapply() not yet */
	struct klpl_version *versions; /* one for each of info->funcs */
	struct klpl_ranges checks;     /* of info->checks, and of the functions' pieces */
};

struct klpl_patch {
	struct list_head list; /* in the order of enabling */
	struct rcu_head rcu;
	const struct klpl_patch_info *info;
	const char *name; /* its module's */
	const struct klpl_model *model;
	struct kobject kobj;
	struct completion released;
	struct klpl_part *parts;
	/*
	 * While it replaces others: versions that are the function itself, for what they patch and this
	 * one does not.
	 */
	struct klpl_version *nops;
	size_t nop_count;
	unsigned int deadline_ms;
	int error; /* of what it does while everything is stopped, for which the last transition was reversed; or 0 */
	bool enabled;  /* or on the way to be, or back from there */
	bool holds;    /* a reference to its module */
	bool replaced; /* not enabled any more since another took its place, which has not settled */
	bool forced;   /* some task may be anywhere in it: it stays */
};

extern struct mutex klpl_mutex;
extern struct list_head klpl_patches;

/* The patch that a module is; NULL: one that is not loaded any more, or none. klpl_mutex is held. */
struct klpl_patch *klpl_patch_of(const struct module *module);
/* To the other of enabled and disabled, or back in the middle of it. klpl_mutex is held. */
int klpl_patch_set_enabled(struct klpl_patch *patch, bool enabled);
/* Would it take the other's place? */
bool klpl_is_replaced(const struct klpl_patch *patch, const struct klpl_patch *other);
/* Those before it that it takes the place of: the one behind after, NULL at the end. */
struct klpl_patch *klpl_next_replaced(const struct klpl_patch *patch, const struct klpl_patch *after);

#define for_each_replaced(patch, other)                                                            \
	for (other = klpl_next_replaced(patch, NULL); other;                                       \
	     other = klpl_next_replaced(patch, other))

/* The transition has come to an end. */
void klpl_patch_settled(struct klpl_patch *patch, bool enabled);

#endif
