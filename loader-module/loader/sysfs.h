/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /sys/kernel/klp_loader/PATCH/ with enabled, transition, replace, model, deadline_ms, blockers and force;
 * PATCH/OBJECT/patched; and PATCH/OBJECT/FUNCTION,POSITION/state (redirect.h; "absent": the object is). As the
 * kernel's own livepatch has them where it has them.
 */
#ifndef KLPL_SYSFS_H
#define KLPL_SYSFS_H

#include "patches.h"

int klpl_sysfs_init(void);
void klpl_sysfs_exit(void);

/* What /sys/kernel/klp_loader/checked says from now on. Sleeps. */
void klpl_sysfs_checked(const char *text);

int klpl_sysfs_add(struct klpl_patch *patch);
/* Waits for those who have a file of it open. Without klpl_mutex. */
void klpl_sysfs_remove(struct klpl_patch *patch);
/* Wakes those who poll "enabled" and "transition". */
void klpl_sysfs_changed(struct klpl_patch *patch);

#endif
