/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What callbacks are called with: the object that is patched. The kernel's own structure; where it has none, for it has no
 * CONFIG_LIVEPATCH, one of the same members, those that patches for klp_loader.ko use.
 */
#ifndef KLPKIT_OBJECT_H
#define KLPKIT_OBJECT_H

#include <linux/livepatch.h>

#if !IS_ENABLED(CONFIG_LIVEPATCH)
struct klp_object;

struct klp_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
};

struct klp_callbacks {
	int (*pre_patch)(struct klp_object *obj);
	void (*post_patch)(struct klp_object *obj);
	void (*pre_unpatch)(struct klp_object *obj);
	void (*post_unpatch)(struct klp_object *obj);
};

struct klp_object {
	const char *name; /* NULL: the kernel itself */
	struct klp_func *funcs;
	struct klp_callbacks callbacks;
	struct module *mod; /* while it is there */
};
#endif

/* See klpkit/patch.h. */
unsigned int klpkit_state_before(unsigned long id);

#endif
