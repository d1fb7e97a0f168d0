// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbol tables as text: System.map and what readelf prints. */
#include <klpkit/image.h>
#include <tap.h>

#include "synth.h"

static struct error *open_text(const char *text, struct symtab **ret)
{
	struct image *image = (struct image *)1;
	struct error *err = symtab_open(synth_path(text, strlen(text)), ret, &image);

	if (!err && image)
		ok(0, "a text has no image");
	return err;
}

static int text_fails(const char *text, const char *words)
{
	struct symtab *symtab;

	return synth_is_error(open_text(text, &symtab), words);
}

/* "name:letter name:letter ..." */
static const char *listing(const struct symtab *symtab)
{
	static char text[1024];
	size_t size = 0;

	text[0] = '\0';
	for (size_t i = 0; i < symtab_count(symtab); i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%s:%c", i ? " " : "",
					 symtab_at(symtab, i)->name, symtab_at(symtab, i)->type);
	return text;
}

static void test_map(void)
{
	static const char map[] = "0000000000000000 D __per_cpu_start\n"
				  "0000000000000000 A fixed\n"
				  "0000000000001000 D current_task\n"
				  "ffffffff81000000 T _text\r\n"
				  "ffffffff81000000 T startup\n"
				  "ffffffff81000200 t show\n"
				  "ffffffff81000100 t show\n"
				  "ffffffff81000300 w absent\n"
				  "\n"
				  "ffffffff82000000 R kallsyms_names\n"
				  "ffffffff82000100 B _end";
	struct symtab *symtab = NULL;
	const uint32_t *indices;
	struct error *err;

	err = open_text(map, &symtab);
	ok(!err, "a System.map is read");
	if (err)
		return;
	is_str(listing(symtab),
	       "__per_cpu_start:D current_task:D startup:T _text:T show:t show:t "
	       "_end:B",
	       "what kallsyms has, in its order");
	ok(!symtab_is_module(symtab), "it is the kernel's");
	ok(symtab_find(symtab, "show", &indices) == 2 && indices[0] == 4 && indices[1] == 5 &&
		   symtab_at(symtab, 4)->address == 0xffffffff81000100,
	   "positions are by address");
	symtab_destroy(symtab);
}

static void test_bad_maps(void)
{
	ok(text_fails("ffffffffffffffff B The real System.map is in the linux-image-6.1-dbg "
		      "package\n",
		      "package linux-image-6.1-dbg"),
	   "the stub names its package");
	ok(text_fails("ffffffff81000000 T _text\nffffffff8100", ":2: is not a System.map line"),
	   "a map that is cut");
	ok(text_fails("ffffffff81000000 T _text\nhello there friend\n", ":2: is not"),
	   "another text in it");
	ok(text_fails("ffffffff81000000 T _text\nfffffffff81000000 T too_long\n", ":2: is not"),
	   "an address that is too long");
	ok(text_fails("ffffffff81000000 T _text\nffffffff8100000g T bad\n", ":2: is not"),
	   "an address that is none");
	ok(text_fails("0000000000000000 T _text\n0000000000000000 t show\n", "addresses are 0"),
	   "addresses that are hidden");
	ok(text_fails("ffffffff81000000 T _text\nffffffffc0000000 t show\t[xfs]\n",
		      "not /proc/kallsyms"),
	   "the running kernel's");
	ok(text_fails("hello\n", "is not a symbol table"), "something else");
	ok(text_fails("\n\n\n", "is not a symbol table"), "blank lines");
}

#define READELF_HEAD                                                                               \
	"\nSymbol table '.symtab' contains 4 entries:\n"                                           \
	"   Num:    Value          Size Type    Bind   Vis      Ndx Name\n"                        \
	"     0: 0000000000000000     0 NOTYPE  LOCAL  DEFAULT  UND \n"

static void test_readelf_kernel(void)
{
	static const char text[] = READELF_HEAD
		"     1: ffffffff81000000     0 SECTION LOCAL  DEFAULT    1 .text\n"
		"     2: 0000000000000000     0 FILE    LOCAL  DEFAULT  ABS a.c\n"
		"     3: ffffffff81000200    16 FUNC    LOCAL  DEFAULT    1 show\n"
		"     4: ffffffff81000100 0x186a0 FUNC    LOCAL  DEFAULT    1 show\n"
		"     5: ffffffff81000180     0 NOTYPE  LOCAL  DEFAULT    1 label\n"
		"     6: ffffffff82000180     0 NOTYPE  GLOBAL DEFAULT    2 edge\n"
		"     7: ffffffff82000200     8 OBJECT  GLOBAL HIDDEN     2 table\n"
		"     8: ffffffff82000280     8 OBJECT  WEAK   DEFAULT    2 weak\n"
		"     9: 000000000000002a     0 NOTYPE  GLOBAL DEFAULT  ABS answer\n"
		"    10: ffffffff82000300     8 FUNC    GLOBAL DEFAULT [<other>: 88]     1 far\n"
		"    11: 0000000000000000     0 NOTYPE  WEAK   DEFAULT  UND absent\n";
	const struct symtab_entry *entry;
	struct symtab *symtab = NULL;
	struct error *err;

	err = open_text(text, &symtab);
	ok(!err, "readelf's text of a kernel is read");
	if (err) {
		printf("# %s\n", err->message);
		error_destroy(err);
		return;
	}
	is_str(listing(symtab), "show:t label:t show:t edge:D table:D weak:V far:T",
	       "by address, with letters");
	entry = symtab_at(symtab, 0);
	ok(entry->size == 100000 && entry->section == 1, "a size in hexadecimal, a section");
	is_str(entry->file, "a.c", "the file of a local symbol");
	ok(!symtab_at(symtab, 4)->file, "none of a global one");
	ok(!symtab_is_module(symtab) && !symtab_in_init(symtab, 0), "it is the kernel's");
	symtab_destroy(symtab);
}

static void test_readelf_module(void)
{
	static const char text[] =
		"Symbol table '.dynsym' contains 1 entries:\n"
		"     0: 0000000000000000     0 NOTYPE  LOCAL  DEFAULT  UND \n"
		"     1: 0000000000000000     0 FUNC    GLOBAL DEFAULT    3 dynamic\n" READELF_HEAD
		"     1: 0000000000000200    16 FUNC    LOCAL  DEFAULT    1 show\n"
		"     2: 0000000000000100    16 FUNC    LOCAL  DEFAULT    3 show\n"
		"     3: 0000000000000004     4 OBJECT  GLOBAL DEFAULT  COM common\n";
	struct symtab *symtab = NULL;
	struct error *err;

	err = open_text(text, &symtab);
	ok(!err, "readelf's text of a module is read");
	if (err) {
		printf("# %s\n", err->message);
		error_destroy(err);
		return;
	}
	is_str(listing(symtab), "show:t show:t common:C", "in the order of the table");
	ok(symtab_is_module(symtab) && symtab_at(symtab, 0)->address == 0x200 &&
		   symtab_at(symtab, 1)->section == 3,
	   "with offsets in sections");
	ok(!symtab_in_init(symtab, 0), "nothing is known of init sections");
	symtab_destroy(symtab);
}

static void test_bad_readelf(void)
{
	ok(text_fails("Symbol table '.symtab' contains 0 entries:\n", "lists no symbols"),
	   "no symbols");
	ok(text_fails(READELF_HEAD "     1: 0000000000000200    16 FUNC    LOC",
		      ":5: is not a line of `readelf"),
	   "a text that is cut");
	ok(text_fails(READELF_HEAD "     1: 00000000000002x0    16 FUNC LOCAL DEFAULT 1 show\n",
		      ":5: has no valid value"),
	   "a value that is none");
	ok(text_fails(READELF_HEAD "     1: 0000000000000200    1z FUNC LOCAL DEFAULT 1 show\n",
		      ":5: has no valid value"),
	   "a size that is none");
	ok(text_fails(READELF_HEAD "     1: 0000000000000200    16 FUNC LOCAL DEFAULT abc show\n",
		      "is in no section"),
	   "a section that is none");
	ok(text_fails(READELF_HEAD "     1: 0000000000000200    16 FUNC LOCAL DEFAULT 1 sh[...]\n",
		      "--wide"),
	   "names that are shortened");
	ok(text_fails(READELF_HEAD
		      "     1: 0000000000000200    16 FUNC LOCAL DEFAULT 1 sh\n" READELF_HEAD,
		      "second symbol table"),
	   "two tables");
	ok(text_fails("ELF Header:\n  Magic: 7f\n", "is not a symbol table"), "another output");
}

static void test_cut(void)
{
	static const char map[] = "ffffffff81000000 T _text\nffffffff81000200 t show\n";
	static const char readelf[] =
		READELF_HEAD "     1: ffffffff81000200    16 FUNC    LOCAL  DEFAULT    1 show\n";
	const char *texts[] = {map, readelf};
	size_t errors = 0, tables = 0;

	for (int i = 0; i < 2; i++)
		for (size_t size = 0; size < strlen(texts[i]); size++) {
			struct symtab *symtab = NULL;
			struct error *err = symtab_open(synth_path(texts[i], size), &symtab, NULL);

			errors += !!err;
			tables += !err;
			symtab_destroy(err ? NULL : symtab);
			error_destroy(err);
		}
	/* that a name at the end is cut cannot be seen */
	ok(errors > 100 && tables < 30, "cut anywhere: %zu errors, %zu tables", errors, tables);
	{
		struct symtab *symtab = NULL;

		ok(synth_is_error(
			   symtab_open(synth_path("ffffffff81000000 T a\0b\n", 24), &symtab, NULL),
			   "is not a symbol table"),
		   "a NUL in a text");
	}
}

int main(void)
{
	test_map();
	test_bad_maps();
	test_readelf_kernel();
	test_readelf_module();
	test_bad_readelf();
	test_cut();
	return tap_done();
}
