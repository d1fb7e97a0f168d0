/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a Module.symvers and an image are of one build. */
#ifndef KLPKIT_CHECK_EXPORTS_H
#define KLPKIT_CHECK_EXPORTS_H

#include "build.h"

/* An image without what it takes to tell passes. */
struct error *check_exports(const struct build_kernel *kernel) must_check;

#endif
