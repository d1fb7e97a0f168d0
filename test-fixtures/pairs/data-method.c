// SPDX-License-Identifier: GPL-2.0-or-later
// An operations table gains a method, which is carried for it and makes the patch permanent.
// option: --data=apply
// exit: 0
// says: applied variable: ops
// says: new function: ops_flush
// says: permanent because of: ops_flush
// says: its address is put into a live variable
// says: are not reached
// silent: refused
// section: .klpkit.data 48
// section: .text.ops_flush
// undefined: .klp.ref.vmlinux.vmlinux.ops,0
#include "kernel.h"

struct ops {
	int (*open)(int);
	int (*flush)(int);
};

static int ops_open(int a)
{
	return helper(a);
}

#ifdef PATCHED
static int ops_flush(int a)
{
	return helper(a) + 4;
}
#endif

static const struct ops ops = {
	.open = ops_open,
#ifdef PATCHED
	.flush = ops_flush,
#endif
};

void use(const struct ops *ops);

void start(void)
{
	use(&ops);
}
