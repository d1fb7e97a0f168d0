/* SPDX-License-Identifier: GPL-2.0 */
/* The livepatch core's description of this patch, made from the records. */
#ifndef KLPKIT_GLUE_OBJECTS_H
#define KLPKIT_GLUE_OBJECTS_H

struct klp_object;
struct static_key;

/* Never on. For the jump labels of a module's tracepoints: see KLPKIT_NEVER in format.h. */
extern struct static_key klpkit_never;

/* An array for struct klp_patch, or an ERR_PTR(). */
struct klp_object *klpkit_objects_create(void);
/* Not while the core knows the patch. */
void klpkit_objects_destroy(struct klp_object *objs);

#endif
