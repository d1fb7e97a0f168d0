// SPDX-License-Identifier: GPL-2.0-or-later
// Each use of tracepoint_string() has a pointer of its own, numbered anew in each compile: what is
// behind it counts.
// exit: 0
// says: changed function: first
// silent: second
// silent: third
#include "kernel.h"
#define TPS(string)                                                                            \
	({                                                                                     \
		static const char *___tp_str __used __section("__tracepoint_str") = string;    \
		___tp_str;                                                                     \
	})
extern void trace(const char *what);

void first(int a)
{
#ifdef PATCHED
	trace(TPS("begins"));
#endif
	trace(TPS("first"));
	helper(a);
}

void second(int a)
{
	trace(TPS("second"));
	helper(a + 1);
}

void third(int a)
{
	trace(TPS("third"));
	helper(a + 2);
}
