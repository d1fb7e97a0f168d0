// SPDX-License-Identifier: GPL-2.0-or-later
// Words of tables: four bytes in one element, a pointer in another; nothing is permanent.
// option: --data=apply
// option: --explain
// exit: 0
// says: at 36 in limit 0xa becomes 0x14
// says: the pointer at 64 in extra is exchanged
// silent: refused
// silent: permanent
// section: .klpkit.data 96
// undefined: .klp.ref.vmlinux.vmlinux.table,0
// undefined: .klp.ref.vmlinux.vmlinux.low,0
// undefined: .klp.ref.vmlinux.vmlinux.high,0
#include "kernel.h"

int low, high;

struct row {
	const char *name;
	int mode, limit;
	int *extra;
};

#ifdef PATCHED
#define LIMIT 20
#define EXTRA &high
#else
#define LIMIT 10
#define EXTRA &low
#endif

struct row table[] = {
	{ "first", 1, 5, &low },
	{ "second", 1, LIMIT, &high },
	{ "third", 1, 5, EXTRA },
};

void use(struct row *table);

void start(void)
{
	use(table);
}
