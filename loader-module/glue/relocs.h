/* SPDX-License-Identifier: GPL-2.0 */
/* For cores that leave behind what they relocated for a module that is gone. */
#ifndef KLPKIT_GLUE_RELOCS_H
#define KLPKIT_GLUE_RELOCS_H

struct klp_object;

/* Zero what was relocated for obj, if it is a module that leaves (or was refused). */
void klpkit_relocs_clear(const struct klp_object *obj);

#endif
