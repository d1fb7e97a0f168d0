/* SPDX-License-Identifier: GPL-2.0 */
/* Words of live variables that the patch changes (struct klpkit_data). */
#ifndef KLPKIT_GLUE_DATA_H
#define KLPKIT_GLUE_DATA_H

#include <linux/types.h>

struct klp_object;

/* Each holds what it was built to hold, or has what the patch would put there; else an error. */
int klpkit_data_check(const struct klp_object *obj);
/* When all tasks run new code, and before the first one leaves it. */
void klpkit_data_apply(const struct klp_object *obj);
void klpkit_data_undo(const struct klp_object *obj);

/*
 * For while everything is stopped: prepared before, done all or (with an error) none of them then, and let go of
 * after it, which also says which one had the error.
 */
int klpkit_data_prepare(const struct klp_object *obj);
int klpkit_data_switch(const struct klp_object *obj, bool apply);
void klpkit_data_release(const struct klp_object *obj);
void klpkit_data_exit(void);

#endif
