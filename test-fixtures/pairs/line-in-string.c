// SPDX-License-Identifier: GPL-2.0-or-later
// A string that ends with the source's name and the line of what uses it is the same when the line moves.
// exit: 0
// says: changed function: above
// silent: changed function: tells
#include "kernel.h"
extern void tell(const char *text, long size);
#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)
#define FILE_LINE __FILE__ ":" STRING(__LINE__)

int above(int a)
{
#ifdef PATCHED
	a = helper(a) + 2;
#endif
	return helper(a);
}

#ifdef PATCHED
#line 121
#endif

int tells(int a)
{
	if (a > 3)
		tell("field \"a\" at " FILE_LINE, 7);
	return helper(a) + 1;
}
