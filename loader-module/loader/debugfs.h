/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of the running transition, what a file of sysfs has no room for: klp_loader/blockers in debugfs has all tasks that hold
 * it up, "PID NAME WHY"; klp_loader/tasks has each task's state, "PID NAME old" or "new".
 */
#ifndef KLPL_DEBUGFS_H
#define KLPL_DEBUGFS_H

/* Without debugfs there is none, which is no error. */
void klpl_debugfs_init(void);
void klpl_debugfs_exit(void);

#endif
