// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: an image, and a function of it. Out: each place that refers to it. A module says so itself, by its relocations;
 * a linked kernel has none left, so that its bytes are looked through for the address, and for branches to it.
 */
#include <string.h>

#include "read-callers.h"
#include "read-image.h"

#define REPLACEMENTS ".altinstr_replacement"

struct callers {
	const struct image *image;
	const struct symtab *symtab;
	const struct symtab_entry *function;
	caller_fn tell;
	void *data;
};

/* What the kernel or a tool looks functions or places in them up in: nothing there calls. */
static bool is_list(const char *section)
{
	static const char *const lists[] = {
		"__mcount_loc",	      "__patchable_function_entries", ".orc_",	      ".discard",      "_kprobe_blacklist",
		"_error_injection_w", ".modinfo",		      "__bug_table",  "__ex_table",    "__jump_table",
		".altinstructions",   ".ibt_endbr_seal",	      ".return_sites", ".retpoline_", ".call_sites",
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (!strncmp(section, lists[i], strlen(lists[i])))
			return true;
	return false;
}

/* ---- a linked image */

/* The last entry that starts at or before it. */
static const struct symtab_entry *entry_around(const struct symtab *symtab, uint64_t address, size_t *index_ret)
{
	size_t low = 0, high = symtab_count(symtab);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symtab_at(symtab, middle)->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	*index_ret = low - 1;
	return symtab_at(symtab, low - 1);
}

/* Where the linker puts the lists of a linked image. */
static bool is_list_symbol(const char *name)
{
	return !strncmp(name, "__start_", 8);
}

/*
 * Init code calls no more, but what it has stored an address in may live. Of what lies among it, alternatives are
 * copied to where they will run.
 */
static bool tell_at(const struct callers *callers, uint64_t address, bool calls)
{
	size_t index = 0, size;
	const struct symtab_entry *entry = entry_around(callers->symtab, address, &index);
	uint64_t start;

	if (image_section(callers->image, REPLACEMENTS, &start, &size) && address - start < size)
		return callers->tell(callers->data, REPLACEMENTS, calls);
	if (entry && symtab_in_init(callers->symtab, index) && (calls || is_list_symbol(entry->name)))
		return false;
	return callers->tell(callers->data, entry ? entry->name : "something without a name", calls);
}

/* call, jmp or jcc with these four bytes as its displacement. */
static bool is_branch(const uint8_t *bytes, size_t at)
{
	return at >= 1 && (bytes[at - 1] == 0xe8 || bytes[at - 1] == 0xe9 ||
			   (at >= 2 && bytes[at - 2] == 0x0f && (bytes[at - 1] & 0xf0) == 0x80));
}

/* lea or another with an operand relative to its end. */
static bool is_relative_operand(const uint8_t *bytes, size_t at)
{
	return at >= 1 && (bytes[at - 1] & 0xc7) == 0x05;
}

static bool look_at_code(const struct callers *callers, const uint8_t *bytes, uint64_t address, size_t size)
{
	uint32_t wanted = (uint32_t)callers->function->address;

	for (size_t i = 0; i + sizeof(uint32_t) <= size; i++) {
		uint32_t word, relative;
		bool calls;

		memcpy(&word, bytes + i, sizeof(word));
		relative = (uint32_t)(address + i + sizeof(word) + word);
		if (word != wanted && relative != wanted)
			continue;
		calls = relative == wanted && is_branch(bytes, i);
		if ((word == wanted || calls || is_relative_operand(bytes, i)) &&
		    tell_at(callers, address + i, calls))
			return true;
	}
	return false;
}

static bool look_at_data(const struct callers *callers, const uint8_t *bytes, uint64_t address, size_t size)
{
	for (size_t i = 0; i + sizeof(uint64_t) <= size; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, bytes + i, sizeof(word));
		if (word == callers->function->address && tell_at(callers, address + i, false))
			return true;
	}
	return false;
}

static bool look_at_linked(const struct callers *callers)
{
	const struct image *image = callers->image;

	for (size_t i = 1; i < image->section_count; i++) {
		const Elf64_Shdr *section = &image->sections[i];
		const uint8_t *bytes = image_section_data(image, i);

		if (!bytes || !(section->sh_flags & SHF_ALLOC) || is_list(image_section_name(image, i)))
			continue;
		if ((section->sh_flags & SHF_EXECINSTR ? look_at_code : look_at_data)(callers, bytes, section->sh_addr,
										      section->sh_size))
			return true;
	}
	return false;
}

/* ---- a module */

/* Init and exit code by its section's name: whosever it is, it is run as it was, when the module comes and goes. */
static const char *name_at(const struct callers *callers, uint32_t section, uint64_t offset)
{
	const char *name = image_section_name(callers->image, section);

	if (!strncmp(name, ".init", 5) || !strncmp(name, ".exit", 5))
		return name;
	for (size_t i = 0; i < symtab_count(callers->symtab); i++) {
		const struct symtab_entry *entry = symtab_at(callers->symtab, i);

		if (entry->section == section && offset >= entry->address && offset - entry->address < entry->size)
			return entry->name;
	}
	return name;
}

/* By its own symbol, or by its section and an offset. What code has counts from the field's end. */
static bool is_wanted(const struct callers *callers, const Elf64_Rela *rela, bool in_code, const uint8_t *symbols,
		      size_t count, bool *calls_ret)
{
	uint32_t type = ELF64_R_TYPE(rela->r_info);
	Elf64_Sym symbol;
	uint64_t value;

	if (ELF64_R_SYM(rela->r_info) >= count)
		return false;
	memcpy(&symbol, symbols + ELF64_R_SYM(rela->r_info) * sizeof(symbol), sizeof(symbol));
	if (symbol.st_shndx != callers->function->section)
		return false;
	value = symbol.st_value + (uint64_t)rela->r_addend;
	*calls_ret = type == R_X86_64_PLT32;
	if (in_code && (type == R_X86_64_PLT32 || type == R_X86_64_PC32))
		value += sizeof(uint32_t);
	return value == callers->function->address;
}

static bool look_at_relocations(const struct callers *callers, size_t index)
{
	const struct image *image = callers->image;
	const Elf64_Shdr *section = &image->sections[index];
	const uint8_t *data = image_section_data(image, index), *symbols;
	bool in_code;
	size_t count;

	if (!data || section->sh_type != SHT_RELA || section->sh_info >= image->section_count ||
	    section->sh_link >= image->section_count ||
	    !(image->sections[section->sh_info].sh_flags & SHF_ALLOC) ||
	    is_list(image_section_name(image, section->sh_info)))
		return false;
	in_code = image->sections[section->sh_info].sh_flags & SHF_EXECINSTR;
	symbols = image_section_data(image, section->sh_link);
	count = symbols ? image->sections[section->sh_link].sh_size / sizeof(Elf64_Sym) : 0;
	for (size_t i = 0; i < section->sh_size / sizeof(Elf64_Rela); i++) {
		Elf64_Rela rela;
		bool calls;

		memcpy(&rela, data + i * sizeof(rela), sizeof(rela));
		if (is_wanted(callers, &rela, in_code, symbols, count, &calls) &&
		    callers->tell(callers->data, name_at(callers, section->sh_info, rela.r_offset), calls))
			return true;
	}
	return false;
}

bool callers_each(const struct image *image, const struct symtab *symtab, uint32_t entry, caller_fn tell, void *data)
{
	struct callers callers = { image, symtab, symtab_at(symtab, entry), tell, data };

	if (!image->module)
		return look_at_linked(&callers);
	for (size_t i = 1; i < image->section_count; i++)
		if (look_at_relocations(&callers, i))
			return true;
	return false;
}
