// SPDX-License-Identifier: GPL-2.0-or-later
// A set of BTF ids has another one: only the kernel's own link could give its number.
// exit: 2
// says: .BTF_ids
#include "kernel.h"
#define ID(name)                                                                               \
	".local __BTF_ID__func__" name "\n.type __BTF_ID__func__" name ", STT_OBJECT\n"        \
	".size __BTF_ID__func__" name ", 4\n__BTF_ID__func__" name ":\n.zero 4\n"
asm(".pushsection .BTF_ids,\"a\"\n.local some_ids\nsome_ids:\n" ID("f__1")
#ifdef PATCHED
    ID("g__2")
#endif
    ".popsection");
extern unsigned int some_ids[];

int uses(int a)
{
	return helper(some_ids[a]);
}
