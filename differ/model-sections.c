// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sorts the sections into classes.
 * In: the object. Out: model->classes and model->specials, by section.
 */
#include <string.h>

#include <klpkit/format.h>

#include "model.h"

static bool starts_with(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/*
 * Arrays and tables that the kernel walks when it boots or loads a module. They are never carried:
 * linked into a patch module, an entry would register once more what is registered already. A
 * change in them is looked at, and refused with its own reason (select-registry.c).
 */
static const char *const registry_prefixes[] = {
	"__ksymtab",	    "___ksymtab",     "__kcrctab",	  "___kcrctab",
	".export_symbol",   ".modinfo",	      "__param",	  "__versions",
	".initcall",	    ".con_initcall",  ".init.setup",	  ".discard.addressable",
	"__tracepoints_ptrs", "__tracepoints_strings",
	"_ftrace_events",   "__syscalls_metadata", "__bpf_raw_tp_map", "_ftrace_eval_map",
	"_error_injection_whitelist", ".printk_index", ".static_call_tramp_key",
	".x86_cpu_dev",	    ".ctors",	      ".init_array",
	".note",	    "__modver",	      ".builtin_fw",
	".lsm_info",	    ".kunit",
};

static bool section_is_registry(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(registry_prefixes) / sizeof(*registry_prefixes); i++)
		if (starts_with(name, registry_prefixes[i]))
			return true;
	return false;
}

static bool section_find_special(const struct section *section, enum special_id *ret)
{
	int id;

	for (id = 0; id < SPECIAL_DISCARD; id++) {
		if (!strcmp(section->name, special_table[id].name)) {
			*ret = (enum special_id)id;
			return true;
		}
	}
	if (starts_with(section->name, ".discard.") && section->reloc_count) {
		*ret = SPECIAL_DISCARD;
		return true;
	}
	if (starts_with(section->name, "runtime_ptr_") ||
	    starts_with(section->name, "runtime_shift_")) {
		*ret = SPECIAL_RUNTIME_CONST;
		return true;
	}
	return false;
}

static enum section_class section_classify(const struct section *section,
					   enum special_id *special)
{
	const char *name = section->name;

	if (section->type == SHT_NOTE)
		return CLASS_META;
	if (!strcmp(name, KLPKIT_SEC_AUTHOR_CALLBACKS) || !strcmp(name, KLPKIT_SEC_AUTHOR_DRAINS))
		return CLASS_AUTHOR;
	if (section_is_registry(name))
		return CLASS_REGISTRY;
	if (section_find_special(section, special))
		return CLASS_SPECIAL;
	if (!(section->flags & SHF_ALLOC) || starts_with(name, ".discard."))
		return CLASS_META;
	if (section->type != SHT_PROGBITS && section->type != SHT_NOBITS)
		return CLASS_META;
	if (!strcmp(name, ".altinstr_replacement") || !strcmp(name, ".orc_unwind") ||
	    !strcmp(name, ".orc_header"))
		return CLASS_SIDE;
	if (section->flags & SHF_EXECINSTR)
		return CLASS_CODE;
	if (section->flags & SHF_WRITE)
		return CLASS_DATA;
	if ((section->flags & SHF_MERGE) && (section->flags & SHF_STRINGS))
		return CLASS_STRINGS;
	if ((section->flags & SHF_MERGE) && section->entsize)
		return CLASS_CONSTS;
	return CLASS_RODATA;
}

struct error *model_classify(struct model *model)
{
	const struct object *object = model->object;
	size_t i;

	for (i = 1; i < object->section_count; i++) {
		const struct section *section = &object->sections[i];

		model->classes[i] = section_classify(section, &model->specials[i]);
		if (!strcmp(section->name, ".orc_unwind_ip"))
			model->objtool_done = true;
		if (!strcmp(section->name, "__patchable_function_entries"))
			model->padding = 16;
	}
	return NULL;
}
