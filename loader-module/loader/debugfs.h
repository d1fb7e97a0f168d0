/* SPDX-License-Identifier: GPL-2.0 */
/* klp_loader/blockers in debugfs: all tasks that hold the running transition up; a file of sysfs has no room for them. */
#ifndef KLPL_DEBUGFS_H
#define KLPL_DEBUGFS_H

/* Without debugfs there is none, which is no error. */
void klpl_debugfs_init(void);
void klpl_debugfs_exit(void);

#endif
