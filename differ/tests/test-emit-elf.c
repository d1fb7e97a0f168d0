// SPDX-License-Identifier: GPL-2.0-or-later
/* What the ELF writer writes, the reader reads. */
#include <elf.h>
#include <stdlib.h>
#include <unistd.h>

#include <klpkit/file.h>

#include "emit-elf.h"
#include "read-object.h"
#include "tap.h"

static struct elf_writer *build(void)
{
	struct elf_writer *writer;
	uint32_t text, bss, global, local;

	if (elf_writer_create(&writer))
		abort();
	text = elf_writer_section(writer, ".text.a", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16, 0);
	bss = elf_writer_section(writer, ".bss.b", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 1, 0);
	elf_writer_append(writer, text, "\x90", 1, 1, 0x90);
	elf_writer_append(writer, text, "\xc3", 1, 16, 0x90);
	elf_writer_append(writer, bss, NULL, 100, 32, 0);
	global = elf_writer_symbol(writer, "a", text, 16, 1, STB_GLOBAL, STT_FUNC);
	local = elf_writer_symbol(writer, "b", bss, 0, 100, STB_LOCAL, STT_OBJECT);
	/* out of order, and against symbols that change places in the file */
	elf_writer_reloc(writer, text, 8, R_X86_64_PC32, global, -4);
	elf_writer_reloc(writer, text, 2, R_X86_64_32S, local, 7);
	return writer;
}

static const struct symbol *find(const struct object *object, const char *name, uint32_t *index)
{
	uint32_t i;

	for (i = 1; i < object->symbol_count; i++) {
		if (!strcmp(object->symbols[i].name, name)) {
			*index = i;
			return &object->symbols[i];
		}
	}
	return NULL;
}

static void test_sharing(void)
{
	struct elf_writer *writer = build();
	uint32_t count = (uint32_t)writer->sections.count;
	uint32_t text = elf_writer_shared(writer, ".text.a", SHT_PROGBITS,
					  SHF_ALLOC | SHF_EXECINSTR, 64, 0);

	ok(text == 1 && writer->sections.count == count, "a section of the same kind is shared");
	ok(writer->sections.items[1].align == 64, "and takes the larger alignment");
	ok(elf_writer_shared(writer, ".text.a", SHT_PROGBITS, SHF_ALLOC, 1, 0) == count,
	   "one with other flags is another");
	elf_writer_destroy(writer);
}

int main(void)
{
	char path[] = "/tmp/klpkit-test-elf.XXXXXX";
	struct elf_writer *writer = build(), *again = build();
	const struct symbol *a, *b;
	uint32_t a_index = 0, b_index = 0;
	struct object *object;
	void *data, *other;
	size_t size, other_size;
	int fd = mkstemp(path);

	if (fd < 0 || elf_writer_finish(writer, &data, &size) ||
	    elf_writer_finish(again, &other, &other_size))
		return 1;
	close(fd);
	ok(size == other_size && !memcmp(data, other, size), "the same calls give the same bytes");
	if (file_write(path, data, size, 0600) || object_read(path, &object))
		return 1;
	is_str(object->sections[1].name, ".text.a", "the first section has its name");
	ok(object->sections[1].size == 17 && object->sections[1].data[1] == 0x90 &&
		   object->sections[1].data[16] == 0xc3,
	   "code is padded with the fill to its alignment");
	ok(object->sections[2].size == 100 && object->sections[2].type == SHT_NOBITS &&
		   object->sections[2].align == 32,
	   "a section without contents has a size");
	a = find(object, "a", &a_index);
	b = find(object, "b", &b_index);
	ok(a && a->bind == STB_GLOBAL && a->value == 16 && a->section == 1, "a global symbol");
	ok(b && b->bind == STB_LOCAL && b->size == 100 && b_index < a_index,
	   "local symbols come first");
	ok(object->sections[1].reloc_count == 2 && object->sections[1].relocs[0].offset == 2 &&
		   object->sections[1].relocs[0].symbol == b_index &&
		   object->sections[1].relocs[0].addend == 7 &&
		   object->sections[1].relocs[1].symbol == a_index,
	   "relocations are sorted and follow their symbols");
	test_sharing();
	object_destroy(object);
	elf_writer_destroy(writer);
	elf_writer_destroy(again);
	free(data);
	free(other);
	unlink(path);
	return tap_done();
}
