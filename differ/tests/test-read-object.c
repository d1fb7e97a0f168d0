// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects as they come: whole, truncated at every byte, damaged at every byte, of another kind. */
#include <elf.h>
#include <stdlib.h>
#include <unistd.h>

#include <klpkit/file.h>

#include "emit-elf.h"
#include "model.h"
#include "tap.h"

static char path[] = "/tmp/klpkit-test-object.XXXXXX";

static void build(void **data, size_t *size)
{
	static const uint8_t code[] = { 0xe8, 0, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0xc3 };
	struct elf_writer *writer;
	uint32_t text, data_section, strings, function, callee, bug;

	if (elf_writer_create(&writer))
		abort();
	text = elf_writer_section(writer, ".text.f", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16,
				  0);
	data_section = elf_writer_section(writer, ".data.v", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8,
					  0);
	strings = elf_writer_section(writer, ".rodata.str1.1", SHT_PROGBITS,
				     SHF_ALLOC | SHF_MERGE | SHF_STRINGS, 1, 1);
	bug = elf_writer_section(writer, "__bug_table", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 1, 0);
	elf_writer_append(writer, text, code, sizeof(code), 16, 0x90);
	elf_writer_append(writer, data_section, NULL, 16, 8, 0);
	elf_writer_append(writer, strings, "one\0two", 8, 1, 0);
	elf_writer_append(writer, bug, NULL, 12, 1, 0);
	function = elf_writer_symbol(writer, "f", text, 0, sizeof(code), STB_GLOBAL, STT_FUNC);
	elf_writer_symbol(writer, "v", data_section, 0, 16, STB_LOCAL, STT_OBJECT);
	callee = elf_writer_symbol(writer, "g", 0, 0, 0, STB_GLOBAL, STT_NOTYPE);
	elf_writer_reloc(writer, text, 1, R_X86_64_PLT32, callee, -4);
	elf_writer_reloc(writer, data_section, 0, R_X86_64_64, function, 0);
	elf_writer_reloc(writer, data_section, 8, R_X86_64_64,
			 writer->sections.items[strings].symbol, 4);
	elf_writer_reloc(writer, bug, 0, R_X86_64_PC32, writer->sections.items[text].symbol, 5);
	elf_writer_reloc(writer, bug, 4, R_X86_64_PC32, writer->sections.items[strings].symbol, 0);
	if (elf_writer_finish(writer, data, size))
		abort();
	elf_writer_destroy(writer);
}

static struct error *read_bytes(const void *data, size_t size, struct object **object)
{
	struct error *err = file_write(path, data, size, 0600);

	return err ? err : object_read(path, object);
}

/* True when it is refused with a message that names the file; what is accepted gets a model. */
static int refused(const void *data, size_t size)
{
	struct object *object;
	struct model *model;
	struct error *err = read_bytes(data, size, &object);
	int named;

	if (!err) {
		err = model_create(object, &model);
		if (!err)
			model_destroy(model);
		object_destroy(object);
	}
	if (!err)
		return 0;
	named = strstr(err->message, path) != NULL && err->exit == EXIT_ERROR;
	if (!named)
		printf("# %s\n", err->message);
	error_destroy(err);
	return named ? 1 : -1;
}

static void test_whole(const void *data, size_t size)
{
	struct object *object = NULL;
	struct model *model = NULL;
	struct error *err = read_bytes(data, size, &object);
	struct ref ref;

	ok(!err, "a whole object is read");
	err = model_create(object, &model);
	ok(!err, "and has a model");
	ok(model->units.count == 4, "of a function, a variable and two strings");
	ok(model->entries.count == 1 && model->entries.items[0].owner == 0 &&
		   model->entries.items[0].size == 12,
	   "and one bug table entry of the function");
	ref = model_ref(model, 2, 1);
	ok(ref.unit == 3 && ref.offset == 0, "a section symbol with an addend is the second string");
	ref = model_ref(model, 1, 0);
	ok(ref.unit == UNIT_NONE && ref.flow == FLOW_CALL && ref.offset == 0,
	   "a call of an undefined function is one, at its very start");
	model_destroy(model);
	object_destroy(object);
}

static void test_truncated(const void *data, size_t size)
{
	size_t length, bad = 0;

	for (length = 0; length < size; length++)
		bad += refused(data, length) != 1;
	ok(!bad, "truncated at each of %zu bytes it is refused with its name (%zu were not)", size,
	   bad);
}

static void test_damaged(const uint8_t *data, size_t size)
{
	static const uint8_t values[] = { 0x00, 0xff, 0x7f };
	uint8_t *copy = malloc(size);
	size_t at, i, nameless = 0, accepted = 0;

	for (at = 0; at < size; at++) {
		for (i = 0; i < sizeof(values); i++) {
			int result;

			memcpy(copy, data, size);
			copy[at] = values[i];
			result = refused(copy, size);
			nameless += result < 0;
			accepted += result == 0;
		}
	}
	ok(!nameless, "damaged at any byte it is read or refused with its name (%zu accepted)",
	   accepted);
	free(copy);
}

static void test_foreign(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size);
	Elf64_Ehdr *ehdr = (Elf64_Ehdr *)copy;
	struct object *object;
	struct error *err;

	memcpy(copy, data, size);
	ehdr->e_machine = EM_AARCH64;
	err = read_bytes(copy, size, &object);
	ok(err && strstr(err->message, "another architecture"), "another architecture is named");
	error_destroy(err);
	memcpy(copy, data, size);
	ehdr->e_type = ET_EXEC;
	err = read_bytes(copy, size, &object);
	ok(err && strstr(err->message, "not a relocatable object"), "an executable is refused");
	error_destroy(err);
	err = read_bytes("int main;\n", 10, &object);
	ok(err && strstr(err->message, "not an ELF object"), "a source file is refused");
	error_destroy(err);
	free(copy);
}

int main(void)
{
	void *data;
	size_t size;
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	build(&data, &size);
	test_whole(data, size);
	test_truncated(data, size);
	test_damaged(data, size);
	test_foreign(data, size);
	free(data);
	unlink(path);
	return tap_done();
}
