/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By which patch a hidden function is hidden. */
#ifndef KLPCTL_WINNERS_H
#define KLPCTL_WINNERS_H

#include "patches.h"

/* Of patches whose states are complete (live-states.h): sets function->winner where the state is "hidden". */
void winners_find(struct patches *patches);

#endif
