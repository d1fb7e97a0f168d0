// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kallsyms: tables made here in the forms of each release since 6.1 are read back, among other
 * data; damaged ones are an error and nothing worse.
 */
#include <klpkit/image.h>
#include <tap.h>

#include "synth.h"

#define BASE	0xffffffff81000000ull
#define RODATA	0xffffffff82000000ull
#define PERCPU	7  /* the first of the symbols are per-cpu */
#define LONG_AT 20 /* this one's name has more than 127 tokens */

struct form {
	const char *name;
	int since_6_4, has_seqs, absolute_percpu;
	unsigned int count;
};

/* The tokens: each printable character stands for itself, and a few beyond for more. */
static const char *const long_tokens[] = {"sys_", "__", "_init", "read", "show"};

static void token_text(unsigned int token, char *text)
{
	text[0] = text[1] = '\0';
	if (token >= 0x20 && token < 0x7f)
		text[0] = (char)token;
	else if (token >= 0x80 && token < 0x80 + 5)
		strcpy(text, long_tokens[token - 0x80]);
}

static void symbol_name(unsigned int index, char *name)
{
	sprintf(name, index % 5 ? "sys_read%u" : "same_name", index);
	if (index == LONG_AT)
		memset(name, 'x', 300), name[300] = '\0';
}

static char symbol_type(const struct form *form, unsigned int index)
{
	if (form->absolute_percpu && index < PERCPU)
		return 'A';
	return index % 2 ? 't' : 'T';
}

/* The addresses ascend, and some are equal. */
static uint64_t symbol_address(const struct form *form, unsigned int index)
{
	if (form->absolute_percpu && index < PERCPU)
		return index * 0x1000;
	return BASE + index / 2 * 64;
}

static void put_names(struct synth *out, const struct form *form, struct synth *markers)
{
	size_t start = out->size;

	for (unsigned int i = 0; i < form->count; i++) {
		struct synth packed = {NULL, 0, 0};
		char name[512] = {symbol_type(form, i)};
		const char *at = name;

		symbol_name(i, name + 1);
		if (i % 256 == 0)
			synth_u32(markers, (uint32_t)(out->size - start));
		while (*at) {
			unsigned char token = (unsigned char)*at;
			size_t size = 1;

			for (unsigned int j = 0; j < 5 && at > name; j++)
				if (!strncmp(at, long_tokens[j], strlen(long_tokens[j]))) {
					token = (unsigned char)(0x80 + j);
					size = strlen(long_tokens[j]);
				}
			synth_put(&packed, &token, 1);
			at += size;
		}
		if (packed.size > 127)
			synth_put(out,
				  (char[]){(char)(packed.size | 0x80), (char)(packed.size >> 7)},
				  2);
		else
			synth_put(out, (char[]){(char)packed.size}, 1);
		synth_put(out, packed.data, packed.size);
		synth_reset(&packed);
	}
	synth_align(out, 8);
}

static void put_tokens(struct synth *out)
{
	struct synth index = {NULL, 0, 0};
	size_t start = out->size;

	for (unsigned int i = 0; i < 256; i++) {
		uint16_t offset = (uint16_t)(out->size - start);
		char text[16];

		token_text(i, text);
		synth_put(&index, &offset, 2);
		synth_text(out, text);
	}
	synth_align(out, 8);
	synth_put(out, index.data, index.size);
	synth_align(out, 8);
	synth_reset(&index);
}

static void put_offsets(struct synth *out, const struct form *form)
{
	uint64_t base = BASE;

	for (unsigned int i = 0; i < form->count; i++) {
		uint64_t address = symbol_address(form, i);

		if (form->absolute_percpu)
			synth_u32(out, (uint32_t)(i < PERCPU ? address : base - address - 1));
		else
			synth_u32(out, (uint32_t)(address - base));
	}
	synth_align(out, 8);
	synth_put(out, &base, 8);
}

static void put_seqs(struct synth *out, const struct form *form)
{
	/* what they say is not read; that the last byte is not zero must not matter */
	for (unsigned int i = 0; i < form->count; i++)
		synth_put(out, "\1\2\3", 3);
	synth_align(out, 8);
}

static void put_tables(struct synth *out, const struct form *form)
{
	struct synth markers = {NULL, 0, 0};

	synth_text(out, "other data, with \"0\\0001\" in it");
	synth_put(out, "0\0001\0002\0003\0004\0005\0006\0007\0008\0009", 20);
	synth_align(out, 8);
	if (!form->since_6_4)
		put_offsets(out, form);
	synth_u32(out, form->count);
	synth_align(out, 8);
	put_names(out, form, &markers);
	synth_put(out, markers.data, markers.size);
	synth_align(out, 8);
	if (form->has_seqs && !form->since_6_4)
		put_seqs(out, form);
	put_tokens(out);
	if (form->since_6_4)
		put_offsets(out, form);
	if (form->has_seqs && form->since_6_4)
		put_seqs(out, form);
	synth_put(out, "and more data behind", 20);
	synth_reset(&markers);
}

static void synth_kernel(struct synth *elf, const struct synth *rodata)
{
	const struct synth_section sections[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, BASE, "code", 4, 0, 0, 0},
		{".rodata", SHT_PROGBITS, SHF_ALLOC, RODATA, rodata->data, rodata->size, 0, 0, 0},
	};

	synth_elf(elf, ET_EXEC, sections, 2);
}

static int is_as_made(const struct symtab *symtab, const struct form *form)
{
	if (symtab_count(symtab) != form->count || symtab_is_module(symtab))
		return 0;
	for (unsigned int i = 0; i < form->count; i++) {
		const struct symtab_entry *entry = symtab_at(symtab, i);
		char name[512];

		symbol_name(i, name);
		if (strcmp(entry->name, name) || entry->type != symbol_type(form, i) ||
		    entry->address != symbol_address(form, i) || entry->size || entry->file) {
			printf("# symbol %u: %s %c %#lx\n", i, entry->name, entry->type,
			       (unsigned long)entry->address);
			return 0;
		}
	}
	return 1;
}

static int finds_same_names(const struct symtab *symtab, const struct form *form)
{
	const uint32_t *indices = NULL;
	size_t count = symtab_find(symtab, "same_name", &indices);

	/* every fifth is one, but for the long one */
	if (count != (form->count + 4) / 5 - (form->count > LONG_AT))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(symtab_at(symtab, indices[i])->name, "same_name") ||
		    (i && indices[i] <= indices[i - 1]))
			return 0;
	return 1;
}

static void test_form(const struct form *form)
{
	struct synth rodata = {NULL, 0, 0}, elf = {NULL, 0, 0};
	struct symtab *symtab = NULL;
	struct image *image = NULL;
	const uint32_t *indices;
	struct error *err;

	put_tables(&rodata, form);
	synth_kernel(&elf, &rodata);
	err = symtab_open(synth_path(elf.data, elf.size), &symtab, &image);
	ok(!err && image, "%s: the tables are found", form->name);
	if (!err) {
		image_destroy(image);
		ok(is_as_made(symtab, form), "%s: each symbol is as it was made, in order",
		   form->name);
		ok(finds_same_names(symtab, form), "%s: a name that many have", form->name);
		ok(symtab_find(symtab, "sys_read1", &indices) == 1 && *indices == 1,
		   "%s: a name that one has", form->name);
		ok(!symtab_find(symtab, "sys_read", &indices), "%s: one that none has", form->name);
		symtab_destroy(symtab);
	} else {
		printf("# %s\n", err->message);
		error_destroy(err);
	}
	synth_reset(&rodata);
	synth_reset(&elf);
}

/* Any byte wrong: the outcome is an error or a table, and under a sanitizer nothing else. */
static void test_damage(const struct form *form)
{
	struct synth rodata = {NULL, 0, 0}, elf = {NULL, 0, 0};
	size_t errors = 0, tables = 0, lines = 0;

	put_tables(&rodata, form);
	synth_kernel(&elf, &rodata);
	for (size_t i = 0; i < rodata.size; i++)
		for (int j = 0; j < 3; j++) {
			struct symtab *symtab = NULL;
			struct error *err;
			char *at = memmem(elf.data, elf.size, rodata.data, rodata.size);
			char old = at[i];

			at[i] = (char)(j ? j == 1 ? 0xff : old ^ 1 : 0);
			err = symtab_open(synth_path(elf.data, elf.size), &symtab, NULL);
			at[i] = old;
			errors += !!err;
			tables += !err;
			lines += err && strchr(err->message, '\n');
			symtab_destroy(err ? NULL : symtab);
			error_destroy(err);
		}
	ok(errors && tables && !lines, "%s: damaged, it is an error (%zu) or a table (%zu)",
	   form->name, errors, tables);
	synth_reset(&rodata);
	synth_reset(&elf);
}

/* Numbers of symbols that could be right at every place cost time once, not each time. */
static void test_effort(void)
{
	const struct form form = {"", 1, 1, 1, 300};
	struct synth rodata = {NULL, 0, 0}, elf = {NULL, 0, 0};
	struct symtab *symtab = NULL;

	for (unsigned int i = 0; i < 300000; i++) {
		synth_u32(&rodata, 100000 + i);
		synth_u32(&rodata, 0);
	}
	put_tokens(&rodata);
	put_offsets(&rodata, &form);
	synth_kernel(&elf, &rodata);
	ok(synth_is_error(symtab_open(synth_path(elf.data, elf.size), &symtab, NULL), "damaged"),
	   "tokens after hundreds of thousands of numbers");
	synth_reset(&rodata);
	synth_reset(&elf);
}

static void test_without(void)
{
	struct synth rodata = {NULL, 0, 0}, elf = {NULL, 0, 0};
	struct symtab *symtab = NULL;

	synth_put(&rodata, "0\0001\0002\0003\0004\0005\0006\0007\0008\0009", 20);
	synth_kernel(&elf, &rodata);
	ok(synth_is_error(symtab_open(synth_path(elf.data, elf.size), &symtab, NULL),
			  "neither a symbol table nor kallsyms"),
	   "digits without tokens");
	synth_align(&rodata, 8);
	put_tokens(&rodata);
	synth_kernel(&elf, &rodata);
	ok(synth_is_error(symtab_open(synth_path(elf.data, elf.size), &symtab, NULL), "damaged"),
	   "tokens without names");
	synth_elf(&elf, ET_EXEC, NULL, 0);
	ok(synth_is_error(symtab_open(synth_path(elf.data, elf.size), &symtab, NULL), ".rodata"),
	   "no .rodata");
	synth_reset(&rodata);
	synth_reset(&elf);
}

int main(void)
{
	static const struct form forms[] = {
		{"6.1", 0, 0, 1, 1000},
		{"6.2 and 6.1-stable", 0, 1, 1, 1000},
		{"6.12", 1, 1, 1, 1000},
		{"without SMP", 1, 1, 0, 1000},
		{"6.1 without SMP", 0, 1, 0, 1001},
		{"256 symbols", 1, 1, 1, 256},
		{"257 symbols", 0, 1, 1, 257},
		{"eight symbols", 1, 1, 1, 8},
	};
	const struct form small = {"small, 6.12", 1, 1, 1, 40};
	const struct form small_old = {"small, 6.1", 0, 1, 1, 40};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		test_form(&forms[i]);
	test_damage(&small);
	test_damage(&small_old);
	test_effort();
	test_without();
	return tap_done();
}
