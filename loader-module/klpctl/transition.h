/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the end of a transition. */
#ifndef KLPCTL_TRANSITION_H
#define KLPCTL_TRANSITION_H

#include "patches.h"

/* One patch, or an error that names it. *patches_ret is the caller's to free. */
struct error *transition_patch(const char *root, const char *name, struct patches *patches_ret,
			       const struct patch **patch_ret) must_check;

struct outcome {
	bool enabled;	/* false also when the patch is gone */
	bool reversed;	/* it is not what it was on the way to be when first looked at */
	int failed;	/* the error of what it does while everything is stopped, which reversed it; or 0 */
	char *blockers; /* what held it up, when last looked at before it was reversed; NULL: nothing was seen */
};

/*
 * Looks every few milliseconds. Not for longer than timeout_ms; 0: two minutes, or past the loader's own deadline,
 * when that is longer. When it has not ended by then, an error (EXIT_REFUSED) with what holds it up.
 */
struct error *transition_wait(const char *root, const char *name, unsigned int timeout_ms,
			      struct outcome *ret) must_check;
void outcome_free(struct outcome *outcome);

/* "--deadline MS" and such at the front of the arguments; a number from 1 on. */
struct error *parse_ms(const char *option, const char *text, unsigned int *ret) must_check;

#endif
