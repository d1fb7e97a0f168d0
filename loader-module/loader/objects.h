/* SPDX-License-Identifier: GPL-2.0 */
/* All parts of a patch. */
#ifndef KLPL_OBJECTS_H
#define KLPL_OBJECTS_H

#include "parts.h"

#define for_each_part(patch, part)                                                                 \
	for (part = (patch)->parts; part < (patch)->parts + (patch)->info->object_count; part++)

/* Allocates the parts, and resolves those whose object is there. */
int klpl_objects_create(struct klpl_patch *patch);
/* Those whose object was there and came without them. */
int klpl_objects_arrive(struct klpl_patch *patch);
void klpl_objects_destroy(struct klpl_patch *patch);

/* Puts all that are there on their stacks, all of them moving; or nothing, on error. */
int klpl_objects_redirect(struct klpl_patch *patch);
void klpl_objects_restore(struct klpl_patch *patch);
void klpl_objects_set_moving(struct klpl_patch *patch, enum klpl_moves moves);
/* Has it versions that callers get without the switch? */
bool klpl_objects_have_immediate(const struct klpl_patch *patch);
/* The calls around a transition, see klpkit/loader.h; in the order of the objects, and back. */
int klpl_objects_pre_patch(struct klpl_patch *patch);
void klpl_objects_post_patch(struct klpl_patch *patch);
void klpl_objects_pre_unpatch(struct klpl_patch *patch);
void klpl_objects_post_unpatch(struct klpl_patch *patch);
/* Whether all have switched to it is told to those parts that want to know: are there any? */
bool klpl_objects_switched(struct klpl_patch *patch, bool all);
/*
 * What is done in the moment in which all switch: 0, or the error of one, with the others as they were. All else
 * is stopped, so that nothing may be waited for.
 */
int klpl_objects_switch(struct klpl_patch *patch, bool to);
/* Is there any such thing? */
bool klpl_objects_have_switch(const struct klpl_patch_info *info);

/* Its version of the function at that address, if it has one and the object is there; or NULL. */
const struct klpl_version *klpl_objects_find(const struct klpl_patch *patch, unsigned long old);
/* A patch whose version of a function hides one of this patch's, or NULL. */
const struct klpl_patch *klpl_objects_hidden_by(const struct klpl_patch *patch);

#endif
