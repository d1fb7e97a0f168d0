// SPDX-License-Identifier: GPL-2.0
/* Another one of the same functions, to be on top of it. */
#include "klpl_live.c"
