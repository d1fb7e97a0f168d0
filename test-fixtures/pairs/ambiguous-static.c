// SPDX-License-Identifier: GPL-2.0-or-later
// Several statics of one name in the kernel, far from anything of this object: not guessed.
// exit: 2
// says: [ambiguous-symbol]
// unmap: common_name
// map: t filler_a
// map: t filler_b
// map: t filler_c
// map: t common_name
// map: t filler_a
// map: t filler_b
// map: t filler_c
// map: t common_name
#include "kernel.h"

static noinline int common_name(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(a) + 1;
}

int user(int a)
{
	return common_name(a) * 2;
}
