/* SPDX-License-Identifier: GPL-2.0 */
/* Words of live variables that the patch changes (struct klpkit_data). */
#ifndef KLPKIT_GLUE_DATA_H
#define KLPKIT_GLUE_DATA_H

#include <linux/types.h>

struct klp_object;

int klpkit_data_init(void);
/*
 * One that was replaced has not undone its changes. A later patch is not told of an owner who has left, or of one whose module has.
 */
void klpkit_data_leave(const struct klp_object *obj);
void klpkit_data_exit(void);

/*
 * Each holds what it was built to hold, or has what the patch would put there, and no other patch that stays
 * has put it there; else an error.
 */
int klpkit_data_check(const struct klp_object *obj);
/*
 * Around each change: prepared before, and let go of after it, which also says what could not be changed while
 * everything was stopped.
 */
int klpkit_data_prepare(const struct klp_object *obj);
void klpkit_data_release(const struct klp_object *obj);
/* When all tasks run new code, and before the first one leaves it. */
void klpkit_data_apply(const struct klp_object *obj);
void klpkit_data_undo(const struct klp_object *obj);
/* While everything is stopped: all or (with an error) none. */
int klpkit_data_switch(const struct klp_object *obj, bool apply);
/* When all tasks run new code: what the patches have changed that this one replaces is this one's to undo. */
void klpkit_data_settle(const struct klp_object *obj);

#endif
