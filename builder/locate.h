/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two ways to name a kernel. Both fill build->kernel's paths. */
#ifndef KLPKIT_LOCATE_H
#define KLPKIT_LOCATE_H

#include "build.h"

/* --kernel RELEASE */
struct error *locate_packages(struct build *build) must_check;
/* --sourcedir and the others */
struct error *locate_paths(struct build *build) must_check;

/* VERSION.PATCHLEVEL.SUBLEVEL of the source; a directory that is no kernel is an error. */
struct error *locate_version(struct build *build) must_check;

#endif
