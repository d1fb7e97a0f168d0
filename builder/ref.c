// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbols are references for the live-patch core.
 * In: a linked module. Out: what each undefined symbol refers to.
 */
#include <klpkit/format.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ref.h"

static void ref_destroy(struct ref *ref)
{
	if (!ref)
		return;
	free(ref->owner);
	free(ref->object);
	free(ref->name);
	free(ref->position);
	free(ref);
}

void refs_destroy(const struct ko *ko, struct ref **refs)
{
	if (!refs)
		return;
	for (size_t i = 0; i < ko->symbol_count; i++)
		ref_destroy(refs[i]);
	free(refs);
}

static bool is_ref_name(const char *name)
{
	return !strncmp(name, KLPKIT_REF_PREFIX, strlen(KLPKIT_REF_PREFIX));
}

/* .klp.ref.OWNER.OBJ.NAME,POS; only NAME can have dots. */
static struct error *ref_parse(const struct ko *ko, const char *text, struct ref **ret)
{
	const char *owner = text + strlen(KLPKIT_REF_PREFIX);
	const char *object = owner + strcspn(owner, ".") + 1;
	const char *name, *comma = strrchr(text, ',');
	struct ref *ref;

	name = object[-1] ? object + strcspn(object, ".") + 1 : object;
	if (!object[-1] || !name[-1] || !comma || comma <= name || name - 1 == object ||
	    object - 1 == owner || !comma[1] || comma[1 + strspn(comma + 1, "0123456789")])
		return error_create(EXIT_ERROR, "%s: malformed reference %s", ko->path, text);
	ref = calloc(1, sizeof(*ref));
	if (!ref)
		return error_nomem();
	ref->owner = strndup(owner, object - owner - 1);
	ref->object = strndup(object, name - object - 1);
	ref->name = strndup(name, comma - name);
	ref->position = strdup(comma + 1);
	if (!ref->owner || !ref->object || !ref->name || !ref->position) {
		ref_destroy(ref);
		return error_nomem();
	}
	*ret = ref;
	return NULL;
}

static struct error *find_named(const struct ko *ko, struct ref **refs)
{
	struct error *err = NULL;

	for (size_t i = 1; i < ko->symbol_count && !err; i++)
		if (ko->symbols[i].st_shndx == SHN_UNDEF && is_ref_name(ko_symbol_name(ko, i)))
			err = ref_parse(ko, ko_symbol_name(ko, i), &refs[i]);
	return err;
}

/* The string that a relocation points to; NULL when it does not point to one. */
static const char *string_at(const struct ko *ko, const Elf64_Rela *reloc)
{
	const Elf64_Sym *symbol = &ko->symbols[ELF64_R_SYM(reloc->r_info)];
	uint64_t offset = symbol->st_value + reloc->r_addend;
	const struct ko_section *section;

	if (!symbol->st_shndx || symbol->st_shndx >= ko->section_count)
		return NULL;
	section = &ko->sections[symbol->st_shndx];
	if (!section->data || offset >= section->header.sh_size ||
	    !memchr(section->data + offset, '\0', section->header.sh_size - offset))
		return NULL;
	return (const char *)section->data + offset;
}

/* Two objects of a patch may list the same symbol, and have to mean the same by it. */
static struct error *add_listed(const struct ko *ko, struct ref **refs, size_t symbol,
				const char *text)
{
	const char *name = ko_symbol_name(ko, symbol);
	struct ref *ref, *old = refs[symbol];
	struct error *err;
	bool same;

	if (ko->symbols[symbol].st_shndx != SHN_UNDEF)
		return error_create(EXIT_ERROR, "%s: %s is both new and a reference, %s", ko->path,
				    name, text);
	err = ref_parse(ko, text, &ref);
	if (err)
		return err;
	if (!old) {
		refs[symbol] = ref;
		return NULL;
	}
	same = !strcmp(old->object, ref->object) && !strcmp(old->name, ref->name) &&
	       !strcmp(old->position, ref->position);
	if (same)
		err = NULL;
	else
		err = error_create(EXIT_ERROR,
				   "%s: %s is a reference to two things: %s of %s and %s", ko->path,
				   name, old->name, old->object, text);
	ref_destroy(ref);
	return err;
}

static const Elf64_Rela *reloc_at(const Elf64_Rela *relocs, size_t count, uint64_t offset)
{
	for (size_t i = 0; i < count; i++)
		if (relocs[i].r_offset == offset)
			return &relocs[i];
	return NULL;
}

static struct error *find_listed(const struct ko *ko, struct ref **refs)
{
	size_t section = ko_find_section(ko, KLPKIT_SEC_REFS), count;
	size_t size = ko->sections[section].header.sh_size;
	const Elf64_Rela *relocs;
	struct error *err = NULL;

	if (!section || !size)
		return NULL;
	relocs = ko_relocs(&ko->sections[ko_find_relocs(ko, section)], &count);
	for (size_t at = 0; at < size && !err; at += sizeof(struct klpkit_ref)) {
		const Elf64_Rela *symbol, *name;
		const char *text = NULL;

		symbol = reloc_at(relocs, count, at + offsetof(struct klpkit_ref, symbol));
		name = reloc_at(relocs, count, at + offsetof(struct klpkit_ref, name));
		if (name)
			text = string_at(ko, name);
		if (!symbol || !text || !is_ref_name(text))
			err = error_create(EXIT_ERROR, "%s: malformed record %zu in %s", ko->path,
					   at / sizeof(struct klpkit_ref), KLPKIT_SEC_REFS);
		else
			err = add_listed(ko, refs, ELF64_R_SYM(symbol->r_info), text);
	}
	return err;
}

static bool records_name(const struct ko *ko, const char *section_name, size_t record_size,
			 size_t field, const char *object)
{
	size_t section = ko_find_section(ko, section_name), count;
	const Elf64_Rela *relocs;

	if (!section)
		return false;
	relocs = ko_relocs(&ko->sections[ko_find_relocs(ko, section)], &count);
	for (size_t i = 0; i < count; i++) {
		const char *text = string_at(ko, &relocs[i]);

		if (relocs[i].r_offset % record_size == field && text && !strcmp(text, object))
			return true;
	}
	return false;
}

bool refs_object_is_known(const struct ko *ko, const char *object)
{
	return records_name(ko, KLPKIT_SEC_FUNCS, sizeof(struct klpkit_func),
			    offsetof(struct klpkit_func, object), object) ||
	       records_name(ko, KLPKIT_SEC_CALLBACKS, sizeof(struct klpkit_callback),
			    offsetof(struct klpkit_callback, object), object) ||
	       records_name(ko, KLPKIT_SEC_HELD, sizeof(struct klpkit_held),
			    offsetof(struct klpkit_held, object), object) ||
	       records_name(ko, KLPKIT_SEC_DATA, sizeof(struct klpkit_data),
			    offsetof(struct klpkit_data, object), object);
}

struct error *refs_find(const struct ko *ko, struct ref ***ret)
{
	struct ref **refs = calloc(ko->symbol_count, sizeof(*refs));
	struct error *err;

	if (!refs)
		return error_nomem();
	err = find_named(ko, refs);
	if (!err)
		err = find_listed(ko, refs);
	if (err) {
		refs_destroy(ko, refs);
		return err;
	}
	*ret = refs;
	return NULL;
}
