/* SPDX-License-Identifier: GPL-2.0 */
/* The tasks that hold the running transition up. */
#ifndef KLPL_BLOCKERS_H
#define KLPL_BLOCKERS_H

#include "tasks.h"

/* Tells of each; returns how many there are. Any time. */
unsigned int klpl_blockers_each(void (*tell)(void *data, const struct klpl_task *task), void *data);
/* The first few into the log. With klpl_mutex held. */
void klpl_blockers_log(void);

#endif
