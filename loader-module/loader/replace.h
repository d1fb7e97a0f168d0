/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A patch that replaces others has a version for what they patch and it does not, until all use its own: the function
 * itself, or that of a patch that stays and had theirs on top.
 */
#ifndef KLPL_REPLACE_H
#define KLPL_REPLACE_H

#include "patches.h"

#define for_each_nop(patch, version)                                                               \
	for (version = (patch)->nops; version < (patch)->nops + (patch)->nop_count; version++)

/* Are there any that it replaces? */
bool klpl_replace_any(const struct klpl_patch *patch);
int klpl_replace_begin(struct klpl_patch *patch);
void klpl_replace_drop(struct klpl_patch *patch);
/* The others' versions go, when all use this one's. */
void klpl_replace_finish(struct klpl_patch *patch);

#endif
