/* SPDX-License-Identifier: GPL-2.0 */
/* What the builder knows and the glue does not: build.c, with these, is made for each patch. */
#ifndef KLPKIT_GLUE_BUILD_H
#define KLPKIT_GLUE_BUILD_H

#include <linux/types.h>

#define KLPKIT_BUILD_ID_MAX 32

struct klpkit_build_id {
	const char *object; /* "vmlinux" or a module's name */
	unsigned int size;
	u8 id[KLPKIT_BUILD_ID_MAX];
};

/* One for vmlinux and one for each module that is patched; the last has no object. */
extern const struct klpkit_build_id klpkit_build_ids[];
extern const bool klpkit_replace;
/* What it makes of data; the last one's id is 0. */
struct klpkit_state {
	unsigned long id;
	unsigned int version;
};
extern const struct klpkit_state klpkit_states[];
/* For the loader backend; of names the last is NULL. */
extern const char *const klpkit_replaced[];  /* modules; none: all of them */
extern const char *const klpkit_immediate[]; /* functions */
extern const char klpkit_model[];
/* The least on both axes, as klpkit/loader.h has them. */
extern const unsigned int klpkit_leave, klpkit_together;
extern const bool klpkit_at_once; /* all switch in one moment, in which everything is stopped */

#endif
