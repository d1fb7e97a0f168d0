/* SPDX-License-Identifier: GPL-2.0 */
/* All CPUs stopped, so that every task's stack can be looked at, and nothing runs but what looks. */
#ifndef KLPL_STOP_H
#define KLPL_STOP_H

#include "transition.h"

/* Is nobody in the code? */
bool klpl_stop_is_left(const struct klpl_ranges *ranges);
/*
 * The same for what the transition has to leave; and of each user's task what may() says, if that is not NULL. If so,
 * does at that moment what the patch does then, and flips the switch (redirect.h). False with transition->error: what
 * the patch does failed.
 */
bool klpl_stop_and_flip(struct klpl_transition *transition, bool (*may)(struct task_struct *task));
/* The same, whoever is in it. */
bool klpl_stop_and_force(struct klpl_transition *transition);

#endif
