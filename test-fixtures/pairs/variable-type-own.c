// SPDX-License-Identifier: GPL-2.0-or-later
// What the variable points to was put there by old code.
// option: --layout
// exit: 2
// says: refused: first (
// says: it uses head, which is declared with another type
// says: [variable-type]
#include "kernel.h"

struct item {
	struct item *next;
	int number;
};

struct other {
	long number;
};

#ifdef PATCHED
static struct other *head;
#else
static struct item *head;
#endif

void put(void *what)
{
	head = what;
}

int first(void)
{
#ifdef PATCHED
	return helper((int)head->number);
#else
	return helper(head->number);
#endif
}
