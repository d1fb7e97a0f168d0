/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The consistency models, on two axes: what a task must have left before it switches, and what switches together. Each
 * value is more than the one before it; the numbers are those of klpkit/loader.h.
 */
#ifndef KLPKIT_CONSISTENCY_H
#define KLPKIT_CONSISTENCY_H

#include <stdbool.h>

enum leave { LEAVE_FUNCTION, LEAVE_SET, LEAVE_KERNEL };
enum together { TOGETHER_FUNCTION, TOGETHER_THREAD, TOGETHER_KERNEL };

/* What a model gives, or a patch needs. */
struct consistency {
	enum leave leave;
	enum together together;
};

struct consistency_model {
	const char *name;
	struct consistency gives;
	bool at_once; /* everything is stopped in the moment of the switch, so that data can change with it */
};

/* NULL: there is none of that name. */
const struct consistency_model *consistency_find(const char *model);
/* "set:kernel", as consistency_text() has them. False: it is something else. */
bool consistency_parse(const char *text, struct consistency *ret);
const char *consistency_text(struct consistency consistency);
bool consistency_meets(struct consistency gives, struct consistency needs);
/* The least that is both. */
struct consistency consistency_both(struct consistency a, struct consistency b);

#endif
