// SPDX-License-Identifier: GPL-2.0-or-later
// option: --data=apply
// exit: 2
// says: its size changed
// says: what lies behind it is in use
#include "kernel.h"

#ifdef PATCHED
const int table[] = { 1, 2, 3, 4 };
#else
const int table[] = { 1, 2, 3 };
#endif
