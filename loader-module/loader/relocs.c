// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/livepatch.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleloader.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/static_call.h>

#include <klpkit/loader.h>

#include "relocs.h"
#include "symbols.h"

#ifndef SHF_RELA_LIVEPATCH /* only with CONFIG_LIVEPATCH or in newer headers */
#define SHF_RELA_LIVEPATCH 0x00100000
#endif

#define SECTION_PREFIX ".klp.rela."
#define SYMBOL_PREFIX  ".klp.sym."

struct reloc {
	void *place;
	s64 addend;
	u32 type;
	u32 symbol; /* into the strings */
};

/* A section */
struct part {
	char owner[MODULE_NAME_LEN];
	struct reloc *relocs;
	size_t count;
};

struct patch_relocs {
	struct list_head list;
	const struct module *module;
	char *strings;
	struct reloc *relocs;
	struct part *parts;
	size_t part_count;
};

static LIST_HEAD(patches);
static DEFINE_MUTEX(lock);

static void *no_poke(void *address, const void *bytes, size_t size)
{
	return NULL;
}

static void no_sync(void)
{
}

DEFINE_STATIC_CALL(klpl_poke, no_poke);
DEFINE_STATIC_CALL(klpl_poke_sync, no_sync);
static struct mutex *text_lock;

static bool is_relocs(const Elf64_Shdr *section)
{
	return section->sh_type == SHT_RELA && section->sh_flags & SHF_RELA_LIVEPATCH;
}

static struct patch_relocs *find(const struct module *module)
{
	struct patch_relocs *patch;

	list_for_each_entry(patch, &patches, list)
		if (patch->module == module)
			return patch;
	return NULL;
}

static void drop(struct patch_relocs *patch)
{
	kvfree(patch->strings);
	kvfree(patch->relocs);
	kfree(patch->parts);
	kfree(patch);
}

/* .klp.rela.OWNER.SECTION */
static int read_owner(const char *section, char owner[MODULE_NAME_LEN])
{
	const char *start = section + strlen(SECTION_PREFIX), *end;

	end = str_has_prefix(section, SECTION_PREFIX) ? strchr(start, '.') : NULL;
	if (!end || end - start >= MODULE_NAME_LEN)
		return -ENOEXEC;
	memcpy(owner, start, end - start);
	owner[end - start] = 0;
	return 0;
}

static int add_section(struct patch_relocs *patch, const struct klpl_elf *elf, const Elf64_Shdr *section,
		       struct reloc *reloc)
{
	const Elf64_Shdr *target = &elf->sections[section->sh_info];
	const Elf64_Sym *symbols = (void *)elf->sections[elf->symbols].sh_addr;
	const Elf64_Rela *rela = (void *)section->sh_addr;
	struct part *part = &patch->parts[patch->part_count++];
	int err = read_owner(elf->section_names + section->sh_name, part->owner);

	/* the copies for the CPUs are made before this */
	if (!strcmp(elf->section_names + target->sh_name, ".data..percpu"))
		err = -ENOEXEC;
	part->relocs = reloc;
	part->count = section->sh_size / sizeof(*rela);
	for (size_t i = 0; i < part->count; i++, rela++, reloc++)
		*reloc = (struct reloc){
			.place = (void *)target->sh_addr + rela->r_offset,
			.addend = rela->r_addend,
			.type = ELF64_R_TYPE(rela->r_info),
			.symbol = symbols[ELF64_R_SYM(rela->r_info)].st_name,
		};
	return err;
}

/*
 * Of the names. Where the kernel has kept the module's symbols, it has packed their names anew, and the section's size is
 * not that of the table.
 */
static size_t size_of_strings(const struct klpl_elf *elf)
{
	const Elf64_Sym *symbols = (void *)elf->sections[elf->symbols].sh_addr;
	size_t size = 0;

	for (unsigned int i = 1; i < elf->section_count; i++) {
		const Elf64_Rela *rela = (void *)elf->sections[i].sh_addr;
		size_t count = elf->sections[i].sh_size / sizeof(*rela);

		for (size_t n = 0; is_relocs(&elf->sections[i]) && n < count; n++) {
			size_t name = symbols[ELF64_R_SYM(rela[n].r_info)].st_name;

			size = max(size, name + strlen(elf->strings + name) + 1);
		}
	}
	return size;
}

static int fill(struct patch_relocs *patch, const struct klpl_elf *elf, size_t parts, size_t relocs)
{
	size_t strings = size_of_strings(elf);
	struct reloc *next;
	int err = 0;

	patch->strings = kvmalloc(strings, GFP_KERNEL);
	patch->relocs = kvmalloc_array(relocs, sizeof(*patch->relocs), GFP_KERNEL);
	patch->parts = kcalloc(parts, sizeof(*patch->parts), GFP_KERNEL);
	if (!patch->strings || !patch->relocs || !patch->parts)
		return -ENOMEM;
	memcpy(patch->strings, elf->strings, strings);
	next = patch->relocs;
	for (unsigned int i = 1; i < elf->section_count && !err; i++) {
		if (!is_relocs(&elf->sections[i]))
			continue;
		err = add_section(patch, elf, &elf->sections[i], next);
		next += elf->sections[i].sh_size / sizeof(Elf64_Rela);
	}
	return err;
}

int klpl_relocs_remember(const struct module *module, const struct klpl_elf *elf)
{
	struct patch_relocs *patch;
	size_t parts = 0, relocs = 0;
	int err;

	for (unsigned int i = 1; i < elf->section_count; i++) {
		if (is_relocs(&elf->sections[i])) {
			parts++;
			relocs += elf->sections[i].sh_size / sizeof(Elf64_Rela);
		}
	}
	klpl_relocs_forget(module); /* another one's, that had this place and was not loaded in the end */
	if (!parts)
		return 0;
	patch = kzalloc(sizeof(*patch), GFP_KERNEL);
	if (!patch)
		return -ENOMEM;
	patch->module = module;
	err = fill(patch, elf, parts, relocs);
	if (err) {
		drop(patch);
		return err;
	}
	mutex_lock(&lock);
	list_add(&patch->list, &patches);
	mutex_unlock(&lock);
	return 0;
}

void klpl_relocs_forget(const struct module *module)
{
	struct patch_relocs *patch;

	mutex_lock(&lock);
	patch = find(module);
	if (patch)
		list_del(&patch->list);
	mutex_unlock(&lock);
	if (patch)
		drop(patch);
}

/* The kernel limits names so. */
struct name {
	char object[MODULE_NAME_LEN], symbol[KSYM_NAME_LEN];
	unsigned long position;
};

/* .klp.sym.OBJECT.NAME,POSITION */
static bool read_name(const char *text, struct name *name)
{
	const char *dot, *comma;

	if (!str_has_prefix(text, SYMBOL_PREFIX))
		return false;
	text += strlen(SYMBOL_PREFIX);
	dot = strchr(text, '.');
	comma = strrchr(text, ',');
	if (!dot || !comma || comma < dot || dot - text >= sizeof(name->object) ||
	    comma - dot > sizeof(name->symbol))
		return false;
	memcpy(name->object, text, dot - text);
	name->object[dot - text] = 0;
	memcpy(name->symbol, dot + 1, comma - dot - 1);
	name->symbol[comma - dot - 1] = 0;
	return !kstrtoul(comma + 1, 10, &name->position);
}

static unsigned long resolve(const struct patch_relocs *patch, const struct part *part, const struct reloc *reloc,
			     struct name *name)
{
	const char *text = patch->strings + reloc->symbol;

	if (!read_name(text, name)) {
		pr_err("%s: %s is no symbol to be looked up\n", patch->module->name, text);
		return 0;
	}
	if (!strcmp(name->object, "vmlinux"))
		return klpl_symbol_address(NULL, name->symbol, name->position);
	if (strcmp(part->owner, "vmlinux"))
		return klpl_symbol_address(name->object, name->symbol, name->position);
	pr_err("%s: the kernel's part refers to %s of %s, which may not be there\n", patch->module->name, name->symbol,
	       name->object);
	return 0;
}

/* Bytes; 0: a type that is not known. As arch/x86/kernel/module.c has them. */
static size_t size_of(u32 type)
{
	switch (type) {
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return 4;
	default:
		return 0;
	}
}

/* False: it does not fit */
static bool compute(const struct reloc *reloc, unsigned long address, u64 *ret)
{
	u64 value = address + reloc->addend;

	switch (reloc->type) {
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		value -= (unsigned long)reloc->place;
		*ret = value;
		return (s64)value == (s32)value;
	case R_X86_64_PC64:
		*ret = value - (unsigned long)reloc->place;
		return true;
	case R_X86_64_32:
		*ret = value;
		return value == (u32)value;
	case R_X86_64_32S:
		*ret = value;
		return (s64)value == (s32)value;
	default:
		*ret = value;
		return true;
	}
}

static void write_place(void *place, const void *bytes, size_t size, bool early)
{
	if (early) {
		memcpy(place, bytes, size);
		return;
	}
	mutex_lock(text_lock);
	static_call(klpl_poke)(place, bytes, size);
	mutex_unlock(text_lock);
}

static void clear_first(const struct part *part, size_t count, bool early)
{
	static const u64 zero;

	for (size_t i = 0; i < count; i++)
		write_place(part->relocs[i].place, &zero, size_of(part->relocs[i].type), early);
}

/* Neighbours are often of one symbol */
struct last {
	u32 symbol;
	unsigned long address;
	struct name name;
};

static int put_in(const struct patch_relocs *patch, const struct part *part, const struct reloc *reloc, bool early,
		  struct last *last)
{
	static const u64 zero;
	size_t size = size_of(reloc->type);
	u64 value;

	if (!last->address || last->symbol != reloc->symbol)
		last->address = resolve(patch, part, reloc, &last->name);
	last->symbol = reloc->symbol;
	if (!last->address)
		return -ENOENT;
	if (!size || memcmp(reloc->place, &zero, size) || !compute(reloc, last->address, &value)) {
		pr_err("%s: a relocation for %s of type %u at %pS cannot be applied\n", patch->module->name,
		       last->name.symbol, reloc->type, reloc->place);
		return -ENOEXEC;
	}
	write_place(reloc->place, &value, size, early);
	return 0;
}

static int put_in_part(const struct patch_relocs *patch, const struct part *part, bool early)
{
	struct last *last = kzalloc(sizeof(*last), GFP_KERNEL);
	int err = last ? 0 : -ENOMEM;

	for (size_t i = 0; i < part->count && !err; i++) {
		err = put_in(patch, part, &part->relocs[i], early, last);
		if (err)
			clear_first(part, i, early);
	}
	kfree(last);
	return err;
}

static int put_in_all(const struct patch_relocs *patch, const char *owner, bool early)
{
	size_t i;
	int err = 0;

	for (i = 0; i < patch->part_count && !err; i++)
		if (!strcmp(patch->parts[i].owner, owner))
			err = put_in_part(patch, &patch->parts[i], early);
	if (!err)
		return 0;
	while (--i)
		if (!strcmp(patch->parts[i - 1].owner, owner))
			clear_first(&patch->parts[i - 1], patch->parts[i - 1].count, early);
	return err;
}

int klpl_relocs_put_in(const struct module *module, const char *owner, bool early)
{
	const struct patch_relocs *patch;
	int err = 0;

	mutex_lock(&lock);
	patch = find(module);
	if (patch)
		err = put_in_all(patch, owner, early);
	if (patch && !early)
		static_call(klpl_poke_sync)();
	mutex_unlock(&lock);
	return err;
}

#ifdef CONFIG_LIVEPATCH
/* The kernel has kept what it needs for this itself. */
static int remember_kept(const struct module *module)
{
	const struct klp_modinfo *info = module->klp_info;
	struct klpl_elf elf;
	bool known;

	mutex_lock(&lock);
	known = find(module);
	mutex_unlock(&lock);
	if (known)
		return 0;
	if (!info) {
		pr_err("%s: it does not say that it is a live patch\n", module->name);
		return -ENOEXEC;
	}
	elf = (struct klpl_elf){
		.sections = info->sechdrs,
		.section_count = info->hdr.e_shnum,
		.symbols = info->symndx,
		.section_names = info->secstrings,
		.strings = module->core_kallsyms.strtab,
	};
	return klpl_relocs_remember(module, &elf);
}
#else
static int remember_kept(const struct module *module)
{
	return 0;
}
#endif

int klpl_relocs_apply(const struct module *patch, const char *module)
{
	return remember_kept(patch) ?: klpl_relocs_put_in(patch, module, false);
}
EXPORT_SYMBOL_GPL(klpl_relocs_apply);

void klpl_relocs_clear(const struct module *patch, const char *module)
{
	const struct patch_relocs *relocs;

	mutex_lock(&lock);
	relocs = find(patch);
	for (size_t i = 0; relocs && i < relocs->part_count; i++)
		if (!strcmp(relocs->parts[i].owner, module))
			clear_first(&relocs->parts[i], relocs->parts[i].count, false);
	static_call(klpl_poke_sync)();
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(klpl_relocs_clear);

static int module_event(struct notifier_block *block, unsigned long event, void *data)
{
	if (event == MODULE_STATE_GOING)
		klpl_relocs_forget(data);
	return NOTIFY_OK;
}

static struct notifier_block module_block = {
	.notifier_call = module_event,
};

int klpl_relocs_init(void)
{
	text_lock = (void *)klpl_symbol_address(NULL, "text_mutex", 0);
	if (!text_lock || !klpl_symbol_call(klpl_poke, "text_poke") || !klpl_symbol_call(klpl_poke_sync, "text_poke_sync"))
		return -ENOENT;
	return register_module_notifier(&module_block);
}

void klpl_relocs_exit(void)
{
	struct patch_relocs *patch, *next;

	unregister_module_notifier(&module_block);
	list_for_each_entry_safe(patch, next, &patches, list) {
		list_del(&patch->list);
		drop(patch);
	}
}
