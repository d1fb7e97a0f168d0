/* SPDX-License-Identifier: GPL-2.0 */
/* Who could switch to a patch now, without a transition. */
#ifndef KLPL_CHECK_H
#define KLPL_CHECK_H

#include "patches.h"

/* Room for what is found: as much as a file of sysfs can have. */
#define KLPL_CHECK_TEXT 4096

/*
 * Of a patch that is not loaded: looks at each task once. Writes "NAME MODEL\nTASKS COULD\n", and then for some of those
 * that could not "PID TASK WHY\n", and "and N more\n". klpl_mutex is held. 0 or a negative error.
 */
int klpl_check(const struct klpl_patch *patch, char text[KLPL_CHECK_TEXT]);

#endif
