// SPDX-License-Identifier: GPL-2.0
#define VERSION 2
#define MODEL "refcount"
#include "klpl_test.h"
