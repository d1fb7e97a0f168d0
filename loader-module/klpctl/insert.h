/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads one patch module, and sees it through its transition. */
#ifndef KLPCTL_INSERT_H
#define KLPCTL_INSERT_H

#include <stdbool.h>

#include <klpkit/error.h>

struct insert_options {
	unsigned int deadline_ms; /* 0: the patch's or the loader's */
	const char *model;	  /* NULL: the patch's */
	bool check;		  /* only look who could switch, and print that */
};

/* One that does not get there is unloaded again. Prints what came of it. EXIT_NOTHING: it is loaded. */
struct error *insert_patch(const char *path, const struct insert_options *options) must_check;

#endif
