/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLPCTL_LIVE_STATES_H
#define KLPCTL_LIVE_STATES_H

#include <klpkit/error.h>

#include "patches.h"

/*
 * The kernel's own core does not tell which patch has a function. It puts each one on top of those before it, and
 * one that is disabled is not enabled again: so the one that was loaded last has it, and /proc/modules (proc(5))
 * has the modules with the last one first. Sets the functions' states to "hidden", or to "absent" with the object.
 */
struct error *live_states_read(const char *root, struct patches *patches) must_check;

#endif
