// SPDX-License-Identifier: GPL-2.0-or-later
/* The finish step, on modules that are made here. */
#include <klpkit/file.h>
#include <klpkit/format.h>
#include <stdbool.h>
#include <stdlib.h>
#include <tap.h>
#include <unistd.h>

#include "emit-elf.h"
#include "finish.h"
#include "ko.h"
#include "ref.h"

static char dir[] = "/tmp/klpkit-test-finish.XXXXXX";
static char in_path[64], out_path[64], again_path[64];

/* A module under construction: what every test needs, and a place for its own. */
struct fixture {
	struct elf_writer *elf;
	uint32_t text, other, init, data, strings, modinfo;
	uint32_t local; /* a symbol in .text */
};

static const uint8_t code[64];

static void fixture_create(struct fixture *f, const char *modinfo, size_t modinfo_size)
{
	struct error *err = elf_writer_create(&f->elf);

	if (err)
		exit(1);
	f->text = elf_writer_section(f->elf, ".text.one", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
				     16, 0);
	f->other = elf_writer_section(f->elf, ".text.two", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
				      16, 0);
	f->init = elf_writer_section(f->elf, ".init.text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
				     16, 0);
	f->data = elf_writer_section(f->elf, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8, 0);
	f->strings = elf_writer_section(f->elf, KLPKIT_SEC_STRINGS, SHT_PROGBITS, SHF_ALLOC, 1, 0);
	f->modinfo = elf_writer_section(f->elf, ".modinfo", SHT_PROGBITS, SHF_ALLOC, 1, 0);
	elf_writer_append(f->elf, f->text, code, sizeof(code), 16, 0);
	elf_writer_append(f->elf, f->other, code, sizeof(code), 16, 0);
	elf_writer_append(f->elf, f->init, code, sizeof(code), 16, 0);
	elf_writer_append(f->elf, f->data, code, sizeof(code), 8, 0);
	elf_writer_append(f->elf, f->modinfo, modinfo, modinfo_size, 1, 0);
	f->local = elf_writer_symbol(f->elf, "one", f->text, 16, 32, STB_LOCAL, STT_FUNC);
}

static uint32_t undefined(struct fixture *f, const char *name)
{
	return elf_writer_symbol(f->elf, name, 0, 0, 0, STB_GLOBAL, STT_NOTYPE);
}

/* A record in KLPKIT_SEC_REFS: symbol means text. */
static void list_ref(struct fixture *f, uint32_t symbol, const char *text)
{
	uint32_t section = elf_writer_shared(f->elf, KLPKIT_SEC_REFS, SHT_PROGBITS, 0, 8, 0);
	uint64_t at = elf_writer_append(f->elf, section, NULL, sizeof(struct klpkit_ref), 8, 0);
	uint64_t string = elf_writer_append(f->elf, f->strings, text, strlen(text) + 1, 1, 0);

	elf_writer_reloc(f->elf, section, at, R_X86_64_64, symbol, 0);
	elf_writer_reloc(f->elf, section, at + 8, R_X86_64_64,
			 f->elf->sections.items[f->strings].symbol, (int64_t)string);
}

/* A record in KLPKIT_SEC_FUNCS: a function of object is replaced. */
static void patch_object(struct fixture *f, const char *object)
{
	uint32_t section =
		elf_writer_shared(f->elf, KLPKIT_SEC_FUNCS, SHT_PROGBITS, SHF_ALLOC, 8, 0);
	uint64_t at = elf_writer_append(f->elf, section, NULL, sizeof(struct klpkit_func), 8, 0);
	uint64_t string = elf_writer_append(f->elf, f->strings, object, strlen(object) + 1, 1, 0);

	elf_writer_reloc(f->elf, section, at + 8, R_X86_64_64,
			 f->elf->sections.items[f->strings].symbol, (int64_t)string);
	elf_writer_reloc(f->elf, section, at + 16, R_X86_64_64, f->local, 0);
}

static void fixture_write(struct fixture *f)
{
	struct error *err;
	size_t size;
	void *data;

	err = elf_writer_finish(f->elf, &data, &size);
	if (!err)
		err = file_write(in_path, data, size, 0644);
	if (err) {
		printf("# %s\n", err->message);
		exit(1);
	}
	free(data);
	elf_writer_destroy(f->elf);
}

static bool fine(struct error *err)
{
	if (err)
		printf("# %s\n", err->message);
	error_destroy(err);
	return !err;
}

static bool same_files(const char *a, const char *b)
{
	char *a_data = NULL, *b_data = NULL;
	size_t a_size = 0, b_size = 0;
	bool same;

	same = fine(file_read(a, &a_data, &a_size)) && fine(file_read(b, &b_data, &b_size)) &&
	       a_size == b_size && !memcmp(a_data, b_data, a_size);
	free(a_data);
	free(b_data);
	return same;
}

/* An ordinary module with references of every kind. */
static void write_example(const char *modinfo, size_t modinfo_size)
{
	struct fixture f;
	uint32_t printk, hidden, again, mine, theirs, tramp;

	fixture_create(&f, modinfo, modinfo_size);
	printk = undefined(&f, "_printk");
	hidden = undefined(&f, ".klp.ref.vmlinux.vmlinux.hidden.isra.0,2");
	again = undefined(&f, ".klp.ref.zram.vmlinux.hidden.isra.0,2");
	mine = undefined(&f, ".klp.ref.zram.zram.mine,0");
	theirs = undefined(&f, ".klp.ref.zram.zsmalloc.theirs,0");
	tramp = undefined(&f, "__SCT__tramp");
	undefined(&f, ".klp.ref.vmlinux.vmlinux.unused,0");
	elf_writer_reloc(f.elf, f.text, 1, R_X86_64_PLT32, printk, -4);
	elf_writer_reloc(f.elf, f.text, 8, R_X86_64_PLT32, hidden, -4);
	elf_writer_reloc(f.elf, f.text, 16, R_X86_64_PC32, f.local, -4);
	elf_writer_reloc(f.elf, f.text, 24, R_X86_64_PLT32, tramp, -4);
	elf_writer_reloc(f.elf, f.other, 4, R_X86_64_PLT32, again, -4);
	elf_writer_reloc(f.elf, f.other, 12, R_X86_64_32S, mine, 8);
	elf_writer_reloc(f.elf, f.other, 20, R_X86_64_PC32, theirs, -4);
	elf_writer_reloc(f.elf, f.data, 8, R_X86_64_64, hidden, 0);
	list_ref(&f, tramp, ".klp.ref.vmlinux.vmlinux.__SCT__tramp,0");
	patch_object(&f, "vmlinux");
	patch_object(&f, "zram");
	fixture_write(&f);
}

static const char plain_modinfo[] = "license=GPL";

struct want {
	const char *section, *target, *symbol;
	uint64_t offset;
	uint32_t type;
	int64_t addend;
};

static bool has_reloc(const struct ko *ko, const struct want *want)
{
	const struct ko_section *section = &ko->sections[ko_find_section(ko, want->section)];
	const Elf64_Rela *relocs;
	size_t count;

	if (strcmp(ko->sections[section->header.sh_info].name, want->target))
		return false;
	relocs = ko_relocs(section, &count);
	for (size_t i = 0; i < count; i++)
		if (relocs[i].r_offset == want->offset && relocs[i].r_addend == want->addend &&
		    ELF64_R_TYPE(relocs[i].r_info) == want->type &&
		    !strcmp(ko_symbol_name(ko, ELF64_R_SYM(relocs[i].r_info)), want->symbol))
			return true;
	return false;
}

static void check_relocs(const struct ko *ko)
{
	static const char hidden[] = ".klp.sym.vmlinux.hidden.isra.0,2";
	static const struct want wants[] = {
		{".rela.text.one", ".text.one", "_printk", 1, R_X86_64_PLT32, -4},
		{".rela.text.one", ".text.one", "one", 16, R_X86_64_PC32, -4},
		{".klp.rela.vmlinux..text.one", ".text.one", hidden, 8, R_X86_64_PLT32, -4},
		{".klp.rela.vmlinux..text.one", ".text.one", ".klp.sym.vmlinux.__SCT__tramp,0", 24,
		 R_X86_64_PLT32, -4},
		/* the core wants vmlinux symbols in vmlinux sections */
		{".klp.rela.vmlinux..text.two", ".text.two", hidden, 4, R_X86_64_PLT32, -4},
		{".klp.rela.zram..text.two", ".text.two", ".klp.sym.zram.mine,0", 12, R_X86_64_32S,
		 8},
		{".klp.rela.zram..text.two", ".text.two", ".klp.sym.zsmalloc.theirs,0", 20,
		 R_X86_64_PC32, -4},
		{".klp.rela.vmlinux..data", ".data", hidden, 8, R_X86_64_64, 0},
	};

	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		ok(has_reloc(ko, &wants[i]), "%s has %s at %lu", wants[i].section, wants[i].symbol,
		   (unsigned long)wants[i].offset);
	ok(!ko_find_section(ko, ".rela.text.two"), "relocations that are all the core's: gone");
}

static void check_symbols(const struct ko *ko)
{
	size_t livepatch = 0, left = 0, locals_end = ko->sections[ko->symtab].header.sh_info;
	bool ordered = true;

	for (size_t i = 1; i < ko->symbol_count; i++) {
		const char *name = ko_symbol_name(ko, i);

		livepatch += ko->symbols[i].st_shndx == 0xff20;
		left += strstr(name, KLPKIT_REF_PREFIX) || !strcmp(name, "__SCT__tramp");
		ordered &= (ELF64_ST_BIND(ko->symbols[i].st_info) == STB_LOCAL) == (i < locals_end);
	}
	ok(livepatch == 4, "four symbols for the core: the same one twice is one");
	ok(!left, "no reference is left");
	ok(ordered, "local symbols first, as sh_info says");
}

static void check_sections(const struct ko *before, const struct ko *ko)
{
	const uint64_t flags = SHF_ALLOC | SHF_INFO_LINK | 0x00100000;
	bool good = true, same = true;

	for (size_t i = 1; i < ko->section_count; i++) {
		const struct ko_section *section = &ko->sections[i], *old;

		if (!strncmp(section->name, ".klp.rela.", 10)) {
			good &= section->header.sh_flags == flags &&
				section->header.sh_addralign == 8 &&
				section->header.sh_link == ko->symtab;
			continue;
		}
		old = &before->sections[ko_find_section(before, section->name)];
		if (section->header.sh_type == SHT_PROGBITS)
			same &= section->header.sh_size == old->header.sh_size &&
				section->header.sh_flags == old->header.sh_flags &&
				!memcmp(section->data, old->data, old->header.sh_size);
	}
	ok(good, "the core's sections have their flags, alignment and symbol table");
	ok(same, "the other sections are what they were");
	ok(!ko_find_section(ko, KLPKIT_SEC_REFS) && !ko_find_section(ko, ".rela" KLPKIT_SEC_REFS),
	   "%s is gone", KLPKIT_SEC_REFS);
}

static void test_example(void)
{
	static const char modinfo[] = "license=GPL\0livepatch=Y";
	struct finish_report report;
	struct ko *before = NULL, *ko = NULL;

	write_example(modinfo, sizeof(modinfo));
	if (!ok(fine(finish_module(in_path, out_path, &report)), "a module is finished"))
		return;
	ok(report.symbols == 4 && report.relocs == 6 && report.part_count == 4,
	   "the report counts %zu symbols, %zu relocations, %zu sections", report.symbols,
	   report.relocs, report.part_count);
	finish_report_release(&report);
	if (!ok(fine(ko_read(in_path, &before)) && fine(ko_read(out_path, &ko)), "it can be read"))
		return;
	check_relocs(ko);
	check_symbols(ko);
	check_sections(before, ko);
	ko_destroy(before);
	ko_destroy(ko);
	ok(fine(finish_module(in_path, again_path, NULL)) && same_files(out_path, again_path),
	   "again: the same bytes");
	ok(fine(finish_module(out_path, again_path, NULL)) && same_files(out_path, again_path),
	   "a finished module stays as it is");
	ok(fine(finish_module(in_path, in_path, NULL)) && same_files(in_path, out_path),
	   "in place");
}

static void test_modinfo(void)
{
	struct ko *ko = NULL;

	write_example(plain_modinfo, sizeof(plain_modinfo));
	if (!ok(fine(finish_module(in_path, out_path, NULL)) && fine(ko_read(out_path, &ko)),
		"a module without the mark"))
		return;
	is_str(ko_modinfo(ko, "livepatch"), "Y", "gets it");
	is_str(ko_modinfo(ko, "license"), "GPL", "and keeps the rest");
	ko_destroy(ko);
}

/* One reference that cannot be, and what is said about it. */
static void refuses_with(enum exit_code exit_code, const char *name, const char *section, uint64_t offset,
			 uint32_t type, const char *want)
{
	struct error *err;
	struct fixture f;
	uint32_t target;

	fixture_create(&f, plain_modinfo, sizeof(plain_modinfo));
	target = !strcmp(section, ".init.text") ? f.init
		 : !strcmp(section, ".data")	? f.data
						: f.text;
	if (!strcmp(section, ".data"))
		memcpy(f.elf->sections.items[f.data].data + 16, "\1\2\3\4", 4);
	elf_writer_reloc(f.elf, target, offset, type, undefined(&f, name), 0);
	fixture_write(&f);
	unlink(out_path);
	err = finish_module(in_path, out_path, NULL);
	ok(err && err->exit == exit_code && strstr(err->message, want), "refused: %s", want);
	if (err && !strstr(err->message, want))
		printf("# %s\n", err->message);
	error_destroy(err);
	ok(access(out_path, F_OK) < 0, "and nothing is written");
}

static void refuses(const char *name, const char *section, uint64_t offset, uint32_t type,
		    const char *want)
{
	refuses_with(EXIT_ERROR, name, section, offset, type, want);
}

static void test_refusals(void)
{
	static const char good[] = ".klp.ref.vmlinux.vmlinux.x,0";

	refuses(".klp.ref.x", ".text", 0, R_X86_64_PC32, "malformed reference .klp.ref.x");
	refuses(".klp.ref.vmlinux.vmlinux.x", ".text", 0, R_X86_64_PC32, "malformed reference");
	refuses(".klp.ref.vmlinux.vmlinux.x,", ".text", 0, R_X86_64_PC32, "malformed reference");
	refuses(".klp.ref.vmlinux.vmlinux.x,1a", ".text", 0, R_X86_64_PC32, "malformed reference");
	refuses(".klp.ref.vmlinux..x,0", ".text", 0, R_X86_64_PC32, "malformed reference");
	refuses(".klp.ref..vmlinux.x,0", ".text", 0, R_X86_64_PC32, "malformed reference");
	refuses(".klp.ref.vmlinux.vmlinux.,0", ".text", 0, R_X86_64_PC32, "malformed reference");
	refuses(".klp.ref.vmlinux.zram.x,0", ".text", 0, R_X86_64_PC32, "of module zram");
	refuses(good, ".text", 0, R_X86_64_GOTPCREL, "type that the kernel cannot apply");
	refuses(good, ".data", 16, R_X86_64_64, "bytes that are not zero");
	refuses(good, ".text", 60, R_X86_64_64, "not in the section's bytes");
	refuses_with(EXIT_REFUSED, ".klp.ref.zram.zram.x,0", ".text", 0, R_X86_64_PC32,
		     "nothing in zram is replaced");
	refuses(".klp.ref.zram.zram.x,0", ".init.text", 0, R_X86_64_PC32, "init memory");
}

static void test_listed(void)
{
	struct error *err;
	struct fixture f;
	uint32_t symbol;

	fixture_create(&f, plain_modinfo, sizeof(plain_modinfo));
	symbol = undefined(&f, "__SCT__x");
	list_ref(&f, symbol, ".klp.ref.vmlinux.vmlinux.__SCT__x,1");
	list_ref(&f, symbol, ".klp.ref.vmlinux.vmlinux.__SCT__x,2");
	fixture_write(&f);
	err = finish_module(in_path, out_path, NULL);
	ok(err && strstr(err->message, "two things"), "a symbol cannot mean two things");
	error_destroy(err);

	fixture_create(&f, plain_modinfo, sizeof(plain_modinfo));
	list_ref(&f, f.local, ".klp.ref.vmlinux.vmlinux.one,0");
	fixture_write(&f);
	err = finish_module(in_path, out_path, NULL);
	ok(err && strstr(err->message, "both new and a reference"), "nor be defined as well");
	error_destroy(err);

	fixture_create(&f, plain_modinfo, sizeof(plain_modinfo));
	list_ref(&f, undefined(&f, "__SCT__x"), "something else");
	fixture_write(&f);
	err = finish_module(in_path, out_path, NULL);
	ok(err && strstr(err->message, "malformed record 0"), "a record has to name a reference");
	error_destroy(err);
}

/* Cut off at every length, and with every byte wrong: refused or read, never out of bounds. */
static void test_damage(void)
{
	size_t size = 0, refused = 0;
	char *data = NULL;

	write_example(plain_modinfo, sizeof(plain_modinfo));
	if (!fine(file_read(in_path, &data, &size)))
		return;
	for (size_t cut = 0; cut < size; cut += 7) {
		struct ko *ko = NULL;
		struct error *err = ko_from_memory("cut", data, cut, &ko);

		refused += err != NULL;
		error_destroy(err);
		ko_destroy(ko);
	}
	ok(refused == (size + 6) / 7, "a module that was cut off is refused");
	for (size_t at = 0; at < size; at++) {
		struct ref **refs = NULL;
		struct ko *ko = NULL;
		struct error *err;

		data[at] ^= 0xff;
		err = ko_from_memory("damaged", data, size, &ko);
		if (!err)
			err = refs_find(ko, &refs);
		if (!err)
			refs_destroy(ko, refs);
		error_destroy(err);
		ko_destroy(ko);
		data[at] ^= 0xff;
	}
	ok(true, "a byte that is wrong does no harm to who reads it");
	for (size_t at = 0; at < size; at += 17) {
		data[at] ^= 0x01;
		if (fine(file_write(in_path, data, size, 0644)))
			error_destroy(finish_module(in_path, out_path, NULL));
		data[at] ^= 0x01;
	}
	ok(true, "nor to the finish");
	free(data);
}

static void test_foreign(void)
{
	struct error *err;

	if (!fine(file_write(in_path, "#!/bin/sh\n", 10, 0644)))
		return;
	err = finish_module(in_path, out_path, NULL);
	ok(err && strstr(err->message, "not an ELF file"), "not a module");
	error_destroy(err);
	unlink(in_path);
	err = finish_module(in_path, out_path, NULL);
	ok(err && strstr(err->message, in_path), "a missing file is named");
	error_destroy(err);
}

int main(void)
{
	if (!mkdtemp(dir))
		return 1;
	snprintf(in_path, sizeof(in_path), "%s/in.ko", dir);
	snprintf(out_path, sizeof(out_path), "%s/out.ko", dir);
	snprintf(again_path, sizeof(again_path), "%s/again.ko", dir);
	test_example();
	test_modinfo();
	test_refusals();
	test_listed();
	test_damage();
	test_foreign();
	unlink(in_path);
	unlink(out_path);
	unlink(again_path);
	rmdir(dir);
	return tap_done();
}
