/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.7 ftrace waits for a grace period of RCU-tasks, a tenth of a second on a busy machine, whenever a direct call is
 * the first one that there is: as long as we are there, one of ours is.
 */
#ifndef KLPL_ANCHOR_H
#define KLPL_ANCHOR_H

/* Without it the first redirection takes longer, and nothing else is different. */
void klpl_anchor_init(void);
void klpl_anchor_exit(void);

#endif
