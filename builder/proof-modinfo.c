// SPDX-License-Identifier: GPL-2.0-or-later
/* What the module says of itself, and what its relocations for the live-patch core say. */
#include <stdlib.h>
#include <klpkit/format.h>
#include <string.h>

#include "proof-state.h"

#define KLP_SYM ".klp.sym."
#define SHN_LIVEPATCH 0xff20
#define VERSION_SIZE 64 /* struct modversion_info: a long and a name, include/linux/module.h */

/* Is there an entry "KEY=VALUE", or one that goes on behind a blank? */
static bool modinfo_has(const struct proof_object *ko, const char *key, const char *value,
			size_t value_length)
{
	const struct proof_section *section = &ko->sections[proof_find_section(ko, ".modinfo")];
	const char *entry = (const char *)section->data, *end = entry + section->size;
	size_t length = strlen(key);

	if (!section->data || end[-1])
		return false;
	for (; entry < end; entry += strlen(entry) + 1) {
		const char *found = entry + length + 1;

		if (!strncmp(entry, key, length) && entry[length] == '=' &&
		    !strncmp(found, value, value_length) &&
		    (!found[value_length] || found[value_length] == ' '))
			return true;
	}
	return false;
}

/* The kernel looks at the version magic first: "6.1.0-56-cloud-amd64 SMP preempt ...". */
static void check_version(struct proof *proof)
{
	static const char start[] = "Linux version ";
	const char *banner = image_banner(proof->kernel.vmlinux);
	size_t length;

	if (!banner || strncmp(banner, start, strlen(start)))
		return;
	banner += strlen(start);
	length = strcspn(banner, " ");
	if (!modinfo_has(proof->ko, "vermagic", banner, length))
		proof_complain(proof, NULL, NULL, "the module is not of the release %.*s",
			       (int)length, banner);
}

/* The checksum that the module has of an export; false when it has none. */
static bool version_of(const struct proof_object *ko, const char *name, uint64_t *crc_ret)
{
	uint32_t index = proof_find_section(ko, "__versions");
	const struct proof_section *section = &ko->sections[index];

	for (uint64_t at = 0; index && section->data && at + VERSION_SIZE <= section->size;
	     at += VERSION_SIZE) {
		if (strncmp((const char *)section->data + at + 8, name, VERSION_SIZE - 8))
			continue;
		memcpy(crc_ret, section->data + at, sizeof(*crc_ret));
		return true;
	}
	return false;
}

static void check_export(struct proof *proof, const char *name)
{
	const struct symvers_entry *entry = symvers_find(proof->kernel.exports, name);
	uint64_t crc;

	if (!entry) {
		proof_complain(proof, NULL, name, "the module needs it, and nothing exports it");
		return;
	}
	if (entry->name_space[0] && !modinfo_has(proof->ko, "import_ns", entry->name_space,
						 strlen(entry->name_space)))
		proof_complain(proof, NULL, name,
			       "it is exported in the namespace %s, which the module does not "
			       "import",
			       entry->name_space);
	if (proof_find_section(proof->ko, "__versions") && entry->crc &&
	    (!version_of(proof->ko, name, &crc) || (uint32_t)crc != entry->crc))
		proof_complain(proof, NULL, name,
			       "the module has no checksum of it, or not the kernel's");
}

static bool is_unit(const struct proof *proof, const char *module, size_t length)
{
	for (size_t i = 0; i < proof->count; i++)
		if (strlen(proof->sides[i].unit->module) == length &&
		    !strncmp(proof->sides[i].unit->module, module, length))
			return true;
	return false;
}

/*
 * vmlinux's relocations are against the kernel's symbols. A module's are against its own, or
 * against what another module exports, which it has to be loaded after.
 */
static bool owner_has(const struct proof *proof, const char *owner, size_t length,
		      const char *object)
{
	size_t object_length = strcspn(object, ".");
	bool kernel = object_length == strlen("vmlinux") && !strncmp(object, "vmlinux", object_length);

	if (length == strlen("vmlinux") && !strncmp(owner, "vmlinux", length))
		return kernel;
	return !kernel && is_unit(proof, owner, length);
}

/* .klp.rela.OWNER.SECTION: applied when OWNER arrives, and then OBJ has to be there. */
static void check_live_reloc(struct proof *proof, const struct proof_section *section,
			     const struct proof_reloc *reloc)
{
	const char *name = proof->ko->symbols[reloc->symbol].name;
	size_t owner = strcspn(reloc->owner, ".");
	const char *object = name + strlen(KLP_SYM);

	if (strcmp(reloc->owner + owner + (reloc->owner[owner] == '.'), section->name))
		proof_complain(proof, NULL, section->name,
			       "relocations for it are in .klp.rela.%s", reloc->owner);
	if (proof->ko->symbols[reloc->symbol].section != SHN_LIVEPATCH ||
	    strncmp(name, KLP_SYM, strlen(KLP_SYM)) || !owner_has(proof, reloc->owner, owner, object))
		proof_complain(proof, NULL, section->name,
			       "a relocation of .klp.rela.%s is against %s", reloc->owner, name);
}

static void check_relocs(struct proof *proof)
{
	for (uint32_t i = 1; i < proof->ko->section_count; i++) {
		const struct proof_section *section = &proof->ko->sections[i];

		for (uint32_t n = 0; n < section->reloc_count; n++) {
			const struct proof_reloc *reloc = &section->relocs[n];

			if (reloc->owner)
				check_live_reloc(proof, section, reloc);
			else if (proof->ko->symbols[reloc->symbol].section == SHN_LIVEPATCH)
				proof_complain(proof, NULL, section->name,
					       "an ordinary relocation is against %s",
					       proof->ko->symbols[reloc->symbol].name);
		}
	}
}

/*
 * The kernel applies the module's relocations and keeps them, if it is marked for that. Else the loader does; the kernel takes
 * such a module, too, and must not without the loader.
 */
static void check_who_relocates(struct proof *proof)
{
	const struct proof_object *ko = proof->ko;
	uint32_t i = 1;

	if (modinfo_has(ko, "livepatch", "Y", 1))
		return;
	if (!modinfo_has(ko, "klpkit_backend", "loader", 6)) {
		proof_complain(proof, NULL, NULL, "the module does not say that it is a live patch");
		return;
	}
	while (i < ko->symbol_count &&
	       (ko->symbols[i].section != SHN_UNDEF || strcmp(ko->symbols[i].name, KLPKIT_LOADER_SYMBOL)))
		i++;
	if (i == ko->symbol_count)
		proof_complain(proof, NULL, NULL, "nothing keeps the module from being loaded without the loader");
}

struct error *proof_modinfo(struct proof *proof)
{
	const struct proof_object *ko = proof->ko;

	check_who_relocates(proof);
	check_version(proof);
	for (uint32_t i = 1; i < ko->symbol_count; i++)
		if (ko->symbols[i].section == SHN_UNDEF && strcmp(ko->symbols[i].name, KLPKIT_LOADER_SYMBOL))
			check_export(proof, ko->symbols[i].name);
	check_relocs(proof);
	return text_failed(&proof->text);
}
