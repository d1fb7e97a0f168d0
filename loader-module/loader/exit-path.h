/* SPDX-License-Identifier: GPL-2.0 */
/* The code between the kernel's functions and user space. */
#ifndef KLPL_EXIT_PATH_H
#define KLPL_EXIT_PATH_H

#include <linux/types.h>

/* Finds out where it is. Sleeps. */
int klpl_exit_path_init(void);
void klpl_exit_path_exit(void);

/* By a task in its own work: is there nothing else on its stack, below that work? */
bool klpl_exit_path_only(void);

struct task_struct;
/* The same of one that does not run, and is kept from it. */
bool klpl_exit_path_holds(struct task_struct *task);
/* And that is stopped, and kept from going on (by the scheduler's locks, or all CPUs stopped). */
bool klpl_exit_path_stopped(struct task_struct *task);

#endif
