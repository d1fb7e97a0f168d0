/* SPDX-License-Identifier: GPL-2.0 */
/* What happens when an object is patched and unpatched: the glue's own part and the author's. */
#ifndef KLPKIT_GLUE_CALLBACKS_H
#define KLPKIT_GLUE_CALLBACKS_H

struct klp_object;

void klpkit_callbacks_set(struct klp_object *obj);

#endif
