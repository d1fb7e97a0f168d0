/* SPDX-License-Identifier: GPL-2.0 */
/* All CPUs stopped, so that every task's stack can be looked at, and nothing runs but what looks. */
#ifndef KLPL_STOP_H
#define KLPL_STOP_H

#include "stacks.h"

/* Is nobody in the code? */
bool klpl_stop_is_left(const struct klpl_ranges *ranges);
/* The same, and if nobody is, flips the switch (redirect.h) at that moment. */
bool klpl_stop_and_flip(const struct klpl_ranges *ranges, bool flipped);
/* The same; and of each user's task, what may() says. */
bool klpl_stop_and_flip_if(const struct klpl_ranges *ranges, bool flipped, bool (*may)(struct task_struct *task));

#endif
