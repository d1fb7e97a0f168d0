// SPDX-License-Identifier: GPL-2.0-or-later
// MODULE_DEVICE_TABLE() comes: a second name for modpost, and nothing that the kernel would see.
// exit: 3
// silent: changed-data
#include "kernel.h"

static int table[] = { 1, 2, 3 };
#ifdef PATCHED
extern typeof(table) __mod_pci__table_device_table __attribute__((unused, alias("table")));
#endif

struct driver {
	const char *name;
	int *ids;
};

struct driver driver = { "example", table };
