// SPDX-License-Identifier: GPL-2.0-or-later
/* ELF symbol tables: the kernel's in kallsyms' order, a module's in its own. */
#include <klpkit/image.h>
#include <tap.h>

#include "synth.h"

#define TEXT 0xffffffff81000000ull
#define DATA 0xffffffff82000000ull

enum { IN_TEXT = 1, IN_RODATA, IN_DATA, IN_BSS, IN_DEBUG, IN_INIT };

static void synth_file(struct synth *elf, uint16_t type, const struct synth_symbol *symbols,
		       size_t count)
{
	struct synth symtab = {NULL, 0, 0}, strtab = {NULL, 0, 0};
	uint64_t text = type == ET_REL ? 0 : TEXT, data = type == ET_REL ? 0 : DATA;

	synth_symbols(&symtab, &strtab, symbols, count);
	const struct synth_section sections[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text, "code", 4, 0, 0, 0},
		{".rodata", SHT_PROGBITS, SHF_ALLOC, data, "data", 4, 0, 0, 0},
		{".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, data, "data", 4, 0, 0, 0},
		{".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, data, NULL, 4, 0, 0, 0},
		{".debug_info", SHT_PROGBITS, 0, 0, "info", 4, 0, 0, 0},
		{".init.text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text, "code", 4, 0, 0, 0},
		{".symtab", SHT_SYMTAB, 0, 0, symtab.data, symtab.size, 8, 1, sizeof(Elf64_Sym)},
		{".strtab", SHT_STRTAB, 0, 0, strtab.data, strtab.size, 0, 0, 0},
	};

	synth_elf(elf, type, sections, sizeof(sections) / sizeof(*sections));
	synth_reset(&symtab);
	synth_reset(&strtab);
}

static const struct synth_symbol symbols[] = {
	{"", STB_LOCAL, STT_SECTION, IN_TEXT, TEXT, 0},
	{"a.c", STB_LOCAL, STT_FILE, SHN_ABS, 0, 0},
	{"show", STB_LOCAL, STT_FUNC, IN_TEXT, TEXT + 0x300, 16},
	{"table", STB_LOCAL, STT_OBJECT, IN_RODATA, DATA, 8},
	{"b.c", STB_LOCAL, STT_FILE, SHN_ABS, 0, 0},
	{"show", STB_LOCAL, STT_FUNC, IN_TEXT, TEXT + 0x100, 32},
	{"state", STB_LOCAL, STT_OBJECT, IN_DATA, DATA + 0x100, 8},
	{".Ltmp", STB_LOCAL, STT_NOTYPE, IN_TEXT, TEXT + 0x104, 0},
	{"__crc_read", STB_LOCAL, STT_NOTYPE, IN_RODATA, DATA, 0},
	{"__kstrtab_read", STB_LOCAL, STT_NOTYPE, IN_RODATA, DATA, 0},
	{"kallsyms_offsets", STB_LOCAL, STT_NOTYPE, IN_RODATA, DATA, 0},
	{"kallsyms_lookup", STB_LOCAL, STT_FUNC, IN_TEXT, TEXT + 0x400, 0},
	{"constant", STB_LOCAL, STT_NOTYPE, SHN_ABS, 42, 0},
	{"debugging", STB_LOCAL, STT_NOTYPE, IN_DEBUG, 0, 0},
	{"", STB_LOCAL, STT_FILE, SHN_ABS, 0, 0},
	{"made_by_ld", STB_LOCAL, STT_NOTYPE, IN_DATA, DATA + 0x180, 0},
	{"read", STB_GLOBAL, STT_FUNC, IN_TEXT, TEXT + 0x200, 64},
	{"__read", STB_GLOBAL, STT_FUNC, IN_TEXT, TEXT + 0x200, 64},
	{"aaa_read", STB_WEAK, STT_FUNC, IN_TEXT, TEXT + 0x200, 64},
	{"__start_of", STB_GLOBAL, STT_NOTYPE, IN_TEXT, TEXT + 0x200, 0},
	{"buffer", STB_GLOBAL, STT_OBJECT, IN_BSS, DATA + 0x200, 512},
	{"weak_data", STB_WEAK, STT_OBJECT, IN_DATA, DATA + 0x108, 8},
	{"missing", STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0, 0},
	{"maybe_missing", STB_WEAK, STT_NOTYPE, SHN_UNDEF, 0, 0},
	{"__init_begin", STB_GLOBAL, STT_NOTYPE, IN_TEXT, TEXT + 0x1000, 0},
	{"setup", STB_LOCAL, STT_FUNC, IN_INIT, TEXT + 0x1004, 0},
	{"__init_end", STB_GLOBAL, STT_NOTYPE, IN_TEXT, TEXT + 0x2000, 0},
};

#define SYMBOLS (sizeof(symbols) / sizeof(*symbols))

static int names_are(const struct symtab *symtab, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count && i < symtab_count(symtab); i++)
		if (strcmp(symtab_at(symtab, i)->name, names[i])) {
			printf("# %zu is %s, not %s\n", i, symtab_at(symtab, i)->name, names[i]);
			return 0;
		}
	return symtab_count(symtab) == count;
}

static void test_kernel(void)
{
	static const char *const names[] = {
		"show",	     "read",	   "__read",	      "__start_of",
		"aaa_read",  "show",	   "kallsyms_lookup", "__init_begin",
		"setup",     "__init_end", "table",	      "state",
		"weak_data", "made_by_ld", "buffer",
	};
	struct synth elf = {NULL, 0, 0};
	const struct symtab_entry *entry;
	struct symtab *symtab = NULL;
	struct image *image = NULL;
	const uint32_t *indices;
	struct error *err;
	char types[16] = "";

	synth_file(&elf, ET_EXEC, symbols, SYMBOLS);
	err = symtab_open(synth_path(elf.data, elf.size), &symtab, &image);
	ok(!err && image && !image_is_module(image), "a kernel's table is read");
	if (err)
		return;
	image_destroy(image);
	ok(!symtab_is_module(symtab), "it is not a module's");
	ok(names_are(symtab, names, 15), "what kallsyms has, by address, and its order of ties");
	for (size_t i = 0; i < symtab_count(symtab) && i < 15; i++)
		types[i] = symtab_at(symtab, i)->type;
	is_str(types, "tTTTWttTtTrdVdB", "the letters are nm's");
	ok(symtab_find(symtab, "show", &indices) == 2 && indices[0] == 0 && indices[1] == 5,
	   "a name that two have: positions are by address, not by table");
	entry = symtab_at(symtab, 0);
	is_str(entry->file, "b.c", "a local symbol knows its file");
	ok(entry->size == 32 && entry->section == IN_TEXT, "its size and its section");
	ok(!symtab_at(symtab, 1)->file, "a global one has no file");
	ok(!symtab_at(symtab, 13)->file, "nor has one after a file without name");
	ok(!symtab_find(symtab, "missing", &indices), "undefined symbols are left out");
	ok(!symtab_find(symtab, "", &indices), "there is no symbol without name");
	ok(symtab_in_init(symtab, 8) && !symtab_in_init(symtab, 6) && !symtab_in_init(symtab, 9),
	   "what is in init memory");
	symtab_destroy(symtab);
	synth_reset(&elf);
}

static void test_module(void)
{
	static const char *const names[] = {
		"show",
		"table",
		"show",
		"state",
		".Ltmp",
		"__crc_read",
		"__kstrtab_read",
		"kallsyms_offsets",
		"kallsyms_lookup",
		"constant",
		"debugging",
		"made_by_ld",
		"read",
		"__read",
		"aaa_read",
		"__start_of",
		"buffer",
		"weak_data",
		"__init_begin",
		"setup",
		"__init_end",
	};
	struct synth elf = {NULL, 0, 0};
	struct symtab *symtab = NULL, *again = NULL;
	struct image *image = NULL;
	const uint32_t *indices;
	struct error *err;
	size_t init = 0;

	synth_file(&elf, ET_REL, symbols, SYMBOLS);
	err = symtab_open(synth_path(elf.data, elf.size), &symtab, &image);
	ok(!err && image && symtab_is_module(symtab), "a module's table is read");
	if (err)
		return;
	ok(names_are(symtab, names, 21), "all that is defined, in its own order");
	ok(symtab_find(symtab, "show", &indices) == 2 && indices[0] == 0 && indices[1] == 2,
	   "a name that two have: positions are by table");
	for (size_t i = 0; i < symtab_count(symtab); i++)
		init += symtab_in_init(symtab, i);
	ok(init == 1 && symtab_find(symtab, "setup", &indices) == 1 &&
		   symtab_in_init(symtab, *indices),
	   "what is in .init sections");
	err = symtab_from_image(image, "name", &again);
	ok(!err && symtab_count(again) == 21, "once more from its image");
	image_destroy(image);
	ok(!strcmp(symtab_at(again, 0)->name, "show"), "and without it");
	symtab_destroy(symtab);
	symtab_destroy(again);
	symtab_destroy(NULL);
	synth_reset(&elf);
}

static void test_bad(void)
{
	struct synth elf = {NULL, 0, 0};
	const struct synth_section stripped[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC, 0, "code", 4, 0, 0, 0},
	};
	static const struct synth_symbol nowhere[] = {
		{"nowhere", STB_LOCAL, STT_FUNC, 99, 0, 0},
	};
	struct symtab *symtab = NULL;

	synth_elf(&elf, ET_REL, stripped, 1);
	ok(synth_is_error(symtab_open(synth_path(elf.data, elf.size), &symtab, NULL), "stripped"),
	   "a stripped module");
	synth_file(&elf, ET_REL, nowhere, 1);
	ok(synth_is_error(symtab_open(synth_path(elf.data, elf.size), &symtab, NULL),
			  "symbol 1 (nowhere)"),
	   "a symbol in a section that is not there");
	ok(synth_is_error(symtab_open(synth_path("", 0), &symtab, NULL), "is empty"),
	   "an empty file");
	synth_reset(&elf);
}

static void test_damage(uint16_t type)
{
	struct synth elf = {NULL, 0, 0};
	size_t errors = 0, tables = 0, lines = 0;

	synth_file(&elf, type, symbols, SYMBOLS);
	for (size_t i = 0; i < elf.size; i++)
		for (int j = 0; j < 3; j++) {
			struct symtab *symtab = NULL;
			struct error *err;
			char old = elf.data[i];

			elf.data[i] = (char)(j ? j == 1 ? 0xff : old ^ 1 : 0);
			err = symtab_open(synth_path(elf.data, elf.size), &symtab, NULL);
			elf.data[i] = old;
			errors += !!err;
			tables += !err;
			lines += err && strchr(err->message, '\n');
			symtab_destroy(err ? NULL : symtab);
			error_destroy(err);
		}
	ok(errors && tables && !lines, "damaged, it is an error (%zu) or a table (%zu)", errors,
	   tables);
	synth_reset(&elf);
}

int main(void)
{
	test_kernel();
	test_module();
	test_bad();
	test_damage(ET_EXEC);
	test_damage(ET_REL);
	return tap_done();
}
