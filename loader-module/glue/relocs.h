/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was relocated for a module that is gone has to be zero again before the module comes back:
 * x86 refuses to relocate anything else. No core does it for a module that we refuse, and not
 * every core for one that leaves.
 */
#ifndef KLPKIT_GLUE_RELOCS_H
#define KLPKIT_GLUE_RELOCS_H

struct klp_object;

/* pre_patch() refuses obj. */
void klpkit_relocs_refused(const struct klp_object *obj);
/* obj has been unpatched. */
void klpkit_relocs_left(const struct klp_object *obj);

#endif
