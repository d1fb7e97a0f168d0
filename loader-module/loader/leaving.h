/* SPDX-License-Identifier: GPL-2.0 */
/* What a task must not be in to use the new versions, and to use the old ones. 0 or -ENOMEM. */
#ifndef KLPL_LEAVING_H
#define KLPL_LEAVING_H

#include "patches.h"

int klpl_leaving_old(const struct klpl_patch *patch, struct klpl_ranges *ranges);
int klpl_leaving_new(const struct klpl_patch *patch, struct klpl_ranges *ranges);

#endif
