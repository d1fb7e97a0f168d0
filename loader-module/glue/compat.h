/* SPDX-License-Identifier: GPL-2.0 */
/* The one place for what differs between kernel versions. */
#ifndef KLPKIT_GLUE_COMPAT_H
#define KLPKIT_GLUE_COMPAT_H

#include <linux/module.h>
#include <linux/version.h>

/*
 * A module's read-only data, its notes among it. ac3b43283923 ("module: replace module_layout
 * with module_memory"), 6.4.
 */
static inline const void *compat_module_rodata(const struct module *mod, size_t *size_ret)
{
#if KERNEL_VERSION(6, 4, 0) <= LINUX_VERSION_CODE
	*size_ret = mod->mem[MOD_RODATA].size;
	return mod->mem[MOD_RODATA].base;
#else
	*size_ret = mod->core_layout.ro_size - mod->core_layout.text_size;
	return mod->core_layout.base + mod->core_layout.text_size;
#endif
}

/*
 * When a patched module leaves, the core zeroes the places that were relocated for it.
 * 0c05e7bd2d01 ("livepatch,x86: Clear relocation targets on a module removal"), 6.3.
 */
#define COMPAT_CORE_CLEARS_RELOCS (KERNEL_VERSION(6, 3, 0) <= LINUX_VERSION_CODE)

#endif
