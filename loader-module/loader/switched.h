/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Those parts of patches that want to know whether the whole system has switched to them (klpkit/loader.h). With
 * klpl_mutex held.
 */
#ifndef KLPL_SWITCHED_H
#define KLPL_SWITCHED_H

#include "patches.h"

/* All have, or did not leave it. */
void klpl_switched_on(struct klpl_patch *patch);
/* Before the first task leaves it. Sleeps until nobody relies on it any more. */
void klpl_switched_off(struct klpl_patch *patch);
/* The same of those that the patch takes the place of. */
void klpl_switched_replaced_on(const struct klpl_patch *patch);
void klpl_switched_replaced_off(const struct klpl_patch *patch);

#endif
