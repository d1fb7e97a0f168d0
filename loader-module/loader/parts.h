/* SPDX-License-Identifier: GPL-2.0 */
/* One part of a patch: it is about the kernel itself or about one module. All of it with klpl_mutex held. */
#ifndef KLPL_PARTS_H
#define KLPL_PARTS_H

#include "patches.h"

#define for_each_version(part, version)                                                            \
	for (version = (part)->versions; version < (part)->versions + (part)->info->func_count; version++)

/* Its object is there: it is told so, and its functions are found in it; or nothing, on error. */
int klpl_part_arrive(const struct klpl_patch *patch, struct klpl_part *part, struct module *module);
void klpl_part_leave(struct klpl_part *part);

/* Which of its versions the transition's switch decides about; callers of the others get the one on top. */
enum klpl_moves {
	KLPL_MOVES_NONE,
	KLPL_MOVES_COMMON, /* all but those that are immediate */
	KLPL_MOVES_ALL,
};

void klpl_part_set_moving(struct klpl_part *part, enum klpl_moves moves);

/* All of its versions on their stacks, moving or not, or none, on error. */
int klpl_part_redirect(struct klpl_part *part, bool moving);
/* False: some stay for good. Before anything else is done with them, klpl_redirect_wait(). */
bool klpl_part_restore(struct klpl_part *part);

/* The calls of klpkit/loader.h; the last three only when there was the first one. */
int klpl_part_pre_patch(struct klpl_part *part);
void klpl_part_post_patch(struct klpl_part *part);
void klpl_part_pre_unpatch(struct klpl_part *part);
void klpl_part_post_unpatch(struct klpl_part *part);
/* Not without pre_patch(). False: it is told to nobody. */
bool klpl_part_switched(struct klpl_part *part, bool all);
/* apply() or unapply(), once a direction. */
int klpl_part_switch(struct klpl_part *part, bool to);

#endif
