// SPDX-License-Identifier: GPL-2.0-or-later
// A kfunc: programs that are loaded call it by the kernel's own type information.
// option: --layout
// exit: 2
// says: refused: show (
// says: its address is taken by BPF
// says: [callback-prototype]
#include "kernel.h"

#ifdef PATCHED
int show(void *file, int all)
{
	return all ? 3 : helper(1);
}
#else
int show(void *file)
{
	return helper(1);
}
#endif

asm(".pushsection .BTF_ids,\"a\"\n__BTF_ID__func__show__1: .zero 4\n .popsection");
