/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the end of a transition. */
#ifndef KLPCTL_TRANSITION_H
#define KLPCTL_TRANSITION_H

#include "patches.h"

/* By then it should be over, when the user says nothing: the loader reverses by itself before. */
#define TRANSITION_TIMEOUT_MS 120000

/* One patch, or an error that names it. *patches_ret is the caller's to free. */
struct error *transition_patch(const char *root, const char *name, struct patches *patches_ret,
			       const struct patch **patch_ret) must_check;

/*
 * Looks every few milliseconds. *enabled_ret is what the patch is then: false also when it is gone. When
 * it does not end in time, an error (EXIT_REFUSED) with what holds it up.
 */
struct error *transition_wait(const char *root, const char *name, unsigned int timeout_ms,
			      bool *enabled_ret) must_check;

/* "--deadline MS" and such at the front of the arguments; a number from 1 on. */
struct error *parse_ms(const char *option, const char *text, unsigned int *ret) must_check;

#endif
