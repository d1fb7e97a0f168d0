/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --keep: what a build made on its way, beside the module. */
#ifndef KLPKIT_KEEP_H
#define KLPKIT_KEEP_H

#include "build.h"

/* Nothing when it was not asked for; as much as there is when the build failed. */
struct error *keep_objects(struct build *build) must_check;

#endif
