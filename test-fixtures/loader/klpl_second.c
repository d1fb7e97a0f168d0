// SPDX-License-Identifier: GPL-2.0
/* On top of another one. */
#define VERSION 3
#define MODEL "task"
#include "klpl_test.h"
