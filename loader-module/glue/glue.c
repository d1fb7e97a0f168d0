// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of the glue as one unit: the kernel's headers take most of the time of compiling any
 * of them. Only build.c, which differs from patch to patch, stands alone.
 */
#define pr_fmt(fmt) "klpkit: " fmt

#ifdef KLPKIT_BACKEND_LOADER
#include "loader.c"
#else
#include "main.c"
#include "relocs.c"
#endif
#include "objects.c"
#include "callbacks.c"
#include "owners.c"
#include "data.c"
#include "held.c"
#include "identity.c"
