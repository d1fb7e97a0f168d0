/* SPDX-License-Identifier: GPL-2.0 */
/*
 * On kernels without CONFIG_LIVEPATCH: what that would do while a patch module is loaded. Between the ordinary relocations
 * and all that reads the module's code (alternatives, jump labels, static calls) there is no hook but a function's entry:
 * module_finalize().
 */
#ifndef KLPL_FINALIZE_H
#define KLPL_FINALIZE_H

/* 0, or an error with the reason in the log. */
int klpl_finalize_init(void);
void klpl_finalize_exit(void);

#ifndef __ASSEMBLY__
#include <linux/elf.h>

struct module;

/* finalize-code.S, called by the entry of module_finalize(); and what that calls. */
void klpl_finalize_entry(void);
void klpl_finalize(const Elf64_Ehdr *header, const Elf64_Shdr *sections, struct module *module);
#endif

#endif
