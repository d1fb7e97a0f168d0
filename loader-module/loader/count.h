/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many calls of what a transition has to leave are under way: counted when a call is told to go there, and when
 * it returns. One word has the count and whether all have switched, so that this cannot happen while one is inside,
 * nor a call be told otherwise than it was counted.
 */
#ifndef KLPL_COUNT_H
#define KLPL_COUNT_H

#include <linux/types.h>

/* From zero. Not switched. 0 or a negative error, with the reason in the log. Sleeps. */
int klpl_count_start(void);
/* Nobody enters any more; some may be inside. Sleeps. */
void klpl_count_end(void);

/*
 * A call: true when all have switched, else it is counted until it returns. With preemption disabled; from any
 * context. return_address is where the one that is called will find it. A call whose return cannot be seen stays
 * in the count.
 */
bool klpl_count_enter(unsigned long *return_address);

/* Switches when nobody is inside. False: somebody is. */
bool klpl_count_try_switch(void);
/* Switches, whoever is inside. */
void klpl_count_switch(void);
unsigned long klpl_count_inside(void);

#endif
