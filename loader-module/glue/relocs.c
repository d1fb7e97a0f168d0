// SPDX-License-Identifier: GPL-2.0
/*
 * The next arrival of a module is relocated again, and x86 refuses a place that is not zero.
 */
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/moduleloader.h>

#include "compat.h"
#include "records.h"
#include "refs.h"
#include "relocs.h"

#define RELA_PREFIX ".klp.rela."

static size_t reloc_size(const Elf64_Rela *rela)
{
	switch (ELF64_R_TYPE(rela->r_info)) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	default:
		return 4;
	}
}

static void clear_section(const Elf64_Shdr *target, const Elf64_Shdr *relasec)
{
	const Elf64_Rela *rela = (void *)relasec->sh_addr;
	size_t i, count = relasec->sh_size / sizeof(*rela);
	static const u64 zero;

	for (i = 0; i < count; i++, rela++)
		if (reloc_size(rela))
			klpkit_text_poke((void *)target->sh_addr + rela->r_offset, &zero,
					 reloc_size(rela));
}

/* .klp.rela.OBJECT.SECTION */
static bool is_for(const char *section, const char *object)
{
	size_t length = strlen(object);

	if (!str_has_prefix(section, RELA_PREFIX))
		return false;
	section += strlen(RELA_PREFIX);
	return !strncmp(section, object, length) && section[length] == '.';
}

static void clear_relocs(const struct klp_object *obj)
{
	const struct klp_modinfo *info = THIS_MODULE->klp_info;
	const Elf64_Shdr *section;
	unsigned int i;

	mutex_lock(&klpkit_text_mutex);
	for (i = 1; i < info->hdr.e_shnum; i++) {
		section = &info->sechdrs[i];
		if (section->sh_flags & SHF_RELA_LIVEPATCH &&
		    is_for(info->secstrings + section->sh_name, obj->name))
			clear_section(&info->sechdrs[section->sh_info], section);
	}
	klpkit_text_poke_sync();
	mutex_unlock(&klpkit_text_mutex);
}

/* When the patch is loaded and refused because of a module that is there, nothing is left. */
void klpkit_relocs_refused(const struct klp_object *obj)
{
	if (obj->mod && obj->mod->state == MODULE_STATE_COMING)
		clear_relocs(obj);
}

/*
 * Only when the module goes away, perhaps on its arrival, for another patch's sake. When the patch
 * is disabled the module stays, and so may somebody in a held function.
 */
void klpkit_relocs_left(const struct klp_object *obj)
{
	const struct klp_patch *patch = container_of(obj->kobj.parent, struct klp_patch, kobj);

	if (COMPAT_CORE_CLEARS_RELOCS || !obj->mod)
		return;
	if (obj->mod->state == MODULE_STATE_GOING ||
	    (obj->mod->state == MODULE_STATE_COMING && patch->enabled))
		clear_relocs(obj);
}
