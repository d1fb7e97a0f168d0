/* SPDX-License-Identifier: GPL-2.0 */
/* The tasks that hold the running transition up. */
#ifndef KLPL_BLOCKERS_H
#define KLPL_BLOCKERS_H

#include "tasks.h"

/* Tells of each; returns how many there are. Any time. */
unsigned int klpl_blockers_each(void (*tell)(void *data, const struct klpl_task *task), void *data);
/* The first few into the log. With klpl_mutex held. */
void klpl_blockers_log(void);

#define KLPL_COMM_SIZE (4 * TASK_COMM_LEN)

/* A task's name, to be told: who has given himself one of two lines, or with escapes for a terminal, does not get to write them. */
const char *klpl_comm(const struct task_struct *task, char text[KLPL_COMM_SIZE]);

#endif
