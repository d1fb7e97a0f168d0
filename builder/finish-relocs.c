// SPDX-License-Identifier: GPL-2.0-or-later
/* Each section's relocations, divided into ordinary ones and, by owner, those of the core. */
#include <klpkit/format.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finish-steps.h"

/* What arch/x86/kernel/module.c can apply; 0 for another type. */
static size_t reloc_size(uint32_t type)
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

/* The kernel applies a relocation only onto zeros, in memory that still exists by then. */
static struct error *check_reloc(const struct finish *finish, const struct ko_section *target,
				 const Elf64_Rela *reloc, const struct ref *ref)
{
	static const uint8_t zeros[8];
	size_t size = reloc_size(ELF64_R_TYPE(reloc->r_info));
	const char *why = NULL;

	if (!size)
		why = "is of a type that the kernel cannot apply";
	else if (!(target->header.sh_flags & SHF_ALLOC))
		why = "is in a section that is not loaded";
	else if (!target->data || target->header.sh_size < size ||
		 reloc->r_offset > target->header.sh_size - size)
		why = "is not in the section's bytes";
	else if (memcmp(target->data + reloc->r_offset, zeros, size))
		why = "is at bytes that are not zero";
	else if (strcmp(ref_owner(ref), "vmlinux") && !strncmp(target->name, ".init", 5))
		why = "is in init memory, gone when the module arrives";
	if (!why)
		return NULL;
	return error_create(EXIT_ERROR, "%s: the reference to %s of %s at %s+0x%lx %s",
			    finish->ko->path, ref->name, ref->object, target->name,
			    (unsigned long)reloc->r_offset, why);
}

/* The part of owner among those from first on. */
static struct part *part_get(struct finish *finish, size_t first, const char *owner,
			     const struct ko_section *relocs)
{
	size_t target = relocs->header.sh_info;
	struct part *parts, *part;

	for (size_t i = first; i < finish->part_count; i++)
		if (!strcmp(finish->parts[i].owner, owner))
			return &finish->parts[i];
	parts = reallocarray(finish->parts, finish->part_count + 1, sizeof(*parts));
	if (!parts)
		return NULL;
	finish->parts = parts;
	part = &parts[finish->part_count];
	*part = (struct part){ .owner = owner, .target = target };
	part->relocs = malloc(relocs->header.sh_size);
	if (!part->relocs || asprintf(&part->name, ".klp.rela.%s.%s", owner,
				      finish->ko->sections[target].name) < 0) {
		free(part->relocs);
		return NULL;
	}
	finish->part_count++;
	return part;
}

static struct error *divide_section(struct finish *finish, size_t index)
{
	const struct ko_section *section = &finish->ko->sections[index];
	size_t count, kept = 0, first = finish->part_count;
	const Elf64_Rela *relocs = ko_relocs(section, &count);
	size_t target = section->header.sh_info;
	struct error *err;

	finish->ordinary[index] = calloc(count + 1, sizeof(*relocs));
	if (!finish->ordinary[index])
		return error_nomem();
	for (size_t i = 0; i < count; i++) {
		uint32_t old = ELF64_R_SYM(relocs[i].r_info);
		const struct ref *ref = finish->refs[old];
		Elf64_Rela reloc = relocs[i];
		struct part *part;

		if (old && !finish->symbol_map[old])
			return error_create(EXIT_ERROR, "%s: %s refers to %s", finish->ko->path,
					    section->name, KLPKIT_SEC_REFS);
		reloc.r_info =
			ELF64_R_INFO((uint64_t)finish->symbol_map[old], ELF64_R_TYPE(reloc.r_info));
		if (!ref) {
			finish->ordinary[index][kept++] = reloc;
			continue;
		}
		err = check_reloc(finish, &finish->ko->sections[target], &reloc, ref);
		if (err)
			return err;
		part = part_get(finish, first, ref_owner(ref), section);
		if (!part)
			return error_nomem();
		part->relocs[part->count++] = reloc;
	}
	finish->ordinary_count[index] = kept;
	return NULL;
}

/* Else its relocations would never be applied, and its code would run without. */
static struct error *check_owners(const struct finish *finish)
{
	for (size_t i = 0; i < finish->part_count; i++) {
		const char *owner = finish->parts[i].owner;

		if (strcmp(owner, "vmlinux") && !refs_object_is_known(finish->ko, owner))
			return error_create(EXIT_REFUSED,
					    "refused: new code of the module %s is only used by another "
					    "module's, and nothing in %s is replaced: the kernel would "
					    "not bind it. Move it to where it is used",
					    owner, owner);
	}
	return NULL;
}

struct error *finish_relocs(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err = NULL;

	for (size_t i = 1; i < ko->section_count && !err; i++)
		if (section_is_relocs(&ko->sections[i]) && !section_is_ours(ko, i))
			err = divide_section(finish, i);
	return err ?: check_owners(finish);
}
