/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The distribution's packages (Debian's): found where they are installed, else in the cache, else
 * downloaded into it. Nothing here needs root.
 */
#ifndef KLPKIT_PACKAGE_H
#define KLPKIT_PACKAGE_H

#include <klpkit/error.h>
#include "progress.h"
#include "text.h"

struct packages {
	struct text *text;
	struct progress *progress;
	const char *dir; /* debs, and what they unpack to */
	int lock;
};

struct package {
	const char *name, *version;
	const char *root; /* where its files are: "" when it is installed */
};

/* Waits for another build that fetches packages. */
struct error *packages_open(struct text *text, struct progress *progress, const char *cache,
			    struct packages *ret) must_check;
void packages_close(struct packages *packages);

/* version NULL: the installed one, else the newest in the cache, else the newest there is. */
struct error *package_get(struct packages *packages, const char *name, const char *version,
			  struct package *ret) must_check;

/* A fresh directory in dir, which the next holder of the lock removes should we be killed. */
struct error *packages_temporary(struct text *text, const char *dir, const char **ret) must_check;
/* Removes what killed builds left in dir. */
struct error *packages_sweep(const char *dir) must_check;

#endif
