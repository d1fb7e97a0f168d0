/* SPDX-License-Identifier: GPL-2.0 */
/* What happens when an object is patched and unpatched: the glue's own part and the author's. */
#ifndef KLPKIT_GLUE_CALLBACKS_H
#define KLPKIT_GLUE_CALLBACKS_H

#include <linux/types.h>

struct klp_object;

void klpkit_callbacks_set(struct klp_object *obj);
/* Its sources' KLPKIT_SWITCHED, if they have any. */
bool klpkit_callbacks_have_flag(const struct klp_object *obj);
void klpkit_callbacks_set_flag(const struct klp_object *obj, bool switched);
/* What is done to an object while everything is stopped: all of it, or with an error nothing. */
int klpkit_callbacks_switch(struct klp_object *obj, bool apply);

#endif
