/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Relocations of patches against symbols that are not exported: sections .klp.rela.OWNER.SECTION, symbols
 * .klp.sym.OBJECT.NAME,POSITION (Documentation/livepatch/module-elf-format.rst). The kernel applies those of the owner
 * vmlinux when a patch is loaded if it has CONFIG_LIVEPATCH; if not, that is done here, at the same moment. Those of a
 * module are applied when it arrives; patches call klpl_relocs_apply() (klpkit/loader.h) for that.
 */
#ifndef KLPL_RELOCS_H
#define KLPL_RELOCS_H

#include <linux/elf.h>
#include <linux/types.h>

struct module;

/* What a patch module's file says of them, as it lies in memory: sections have their addresses. */
struct klpl_elf {
	const Elf64_Shdr *sections;
	unsigned int section_count, symbols; /* the latter a section's number */
	const char *section_names, *strings;
};

/*
 * Those of one patch. They are kept until klpl_relocs_forget(); a module without any has none. 0 or an error. Sleeps, like
 * all here.
 */
int klpl_relocs_remember(const struct module *module, const struct klpl_elf *elf);
void klpl_relocs_forget(const struct module *module);
/*
 * Puts in the owner's ("vmlinux" or a module): all or, on error, with the reason in the log, none. early: nobody can run
 * the module yet, and its memory is writable.
 */
int klpl_relocs_put_in(const struct module *module, const char *owner, bool early);

int klpl_relocs_init(void);
void klpl_relocs_exit(void);

#endif
