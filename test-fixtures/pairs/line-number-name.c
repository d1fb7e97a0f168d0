// SPDX-License-Identifier: GPL-2.0-or-later
// A macro puts the line into a constant's name, and the line moves: it is the same constant.
// exit: 0
// says: changed function: changed
// silent: refused
// silent: variable
#include "kernel.h"

int changed(int a)
{
#ifdef PATCHED
	a += 2;
#endif
	return helper(a);
}

#ifdef PATCHED
#line 100
#endif
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define OBJECT(name)                                                                           \
	static const int *const PASTE(values_##name, __LINE__)[] = { &numbers[1], &numbers[2] }; \
	const struct object name = { PASTE(values_##name, __LINE__) }

static const int numbers[] = { 1, 2, 3 };

struct object {
	const int *const *values;
};

OBJECT(first);
OBJECT(second);
