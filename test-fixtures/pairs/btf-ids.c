// SPDX-License-Identifier: GPL-2.0-or-later
// The names of BTF ids have a number that moves; a list is the same as long as its ids are.
// exit: 0
// says: changed function: uses
// silent: refused
// undefined: .klp.ref.vmlinux.vmlinux.some_ids,0
#include "kernel.h"
#ifdef PATCHED
#define NUMBER "27"
#else
#define NUMBER "13"
#endif
asm(".pushsection .BTF_ids,\"a\"\n.local some_ids\nsome_ids:\n.local __BTF_ID__func__f__" NUMBER "\n"
    ".type __BTF_ID__func__f__" NUMBER ", STT_OBJECT\n.size __BTF_ID__func__f__" NUMBER ", 4\n"
    "__BTF_ID__func__f__" NUMBER ":\n.zero 4\n.popsection");
extern unsigned int some_ids[];

struct proto {
	unsigned int *ids;
};
struct proto uses_ids = { some_ids };

int uses(int a)
{
#ifdef PATCHED
	a++;
#endif
	return helper(some_ids[0] + a);
}
