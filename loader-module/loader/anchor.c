// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>

#include "anchor.h"
#include "compat.h"
#include "slots.h"
#include "symbols.h"

#if defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static struct ftrace_ops ops;
static int slot;

/* Called by nobody. */
static noinline void anchor(void)
{
	barrier();
}

void klpl_anchor_init(void)
{
	unsigned long site = klpl_ftrace_location((unsigned long)anchor);

	slot = site ? klpl_slot_get(&ops) : -ENOENT;
	if (slot < 0)
		return;
	klpl_slot_aim(slot, site + MCOUNT_INSN_SIZE);
	if (!ftrace_set_filter_ip(&ops, site, 0, 0) && !compat_register_direct(&ops, klpl_slot_address(slot)))
		return;
	ftrace_free_filter(&ops);
	klpl_slot_put(slot);
	slot = -ENOENT;
}

void klpl_anchor_exit(void)
{
	if (slot < 0)
		return;
	compat_unregister_direct(&ops, klpl_slot_address(slot));
	ftrace_free_filter(&ops);
	klpl_slot_put(slot);
}
#else
void klpl_anchor_init(void)
{
}

void klpl_anchor_exit(void)
{
}
#endif
