// SPDX-License-Identifier: GPL-2.0-or-later
/* Images: what is read from a good one, and that a bad one is an error and nothing worse. */
#include <klpkit/image.h>
#include <tap.h>

#include "synth.h"

#define TEXT   0xffffffff81000000ull
#define RODATA 0xffffffff81002000ull

static const char notes[] = "\x04\0\0\0\x02\0\0\0\x01\0\0\0Xen\0ab\0\0"
			    "\x04\0\0\0\x06\0\0\0\x03\0\0\0GNU\0\x01\x02\x03\x04\x05\x06\0";
static const char rodata[] = "Linux version %s\0Linux version 6.1.0-test (you@there) #1\n";
static const char code[] = "0123456789abcdef";

static void synth_kernel(struct synth *elf)
{
	const struct synth_section sections[] = {
		{".rodata", SHT_PROGBITS, SHF_ALLOC, RODATA, rodata, sizeof(rodata), 0, 0, 0},
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, TEXT, code, 16, 0, 0, 0},
		{".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, TEXT + 0x9000, NULL, 64, 0, 0, 0},
		{".notes", SHT_NOTE, SHF_ALLOC, RODATA + 0x1000, notes, sizeof(notes), 0, 0, 0},
		{".comment", SHT_PROGBITS, 0, 0, "gcc", 4, 0, 0, 0},
	};

	synth_elf(elf, ET_EXEC, sections, sizeof(sections) / sizeof(*sections));
}

static struct error *open_bytes(const void *data, size_t size)
{
	struct image *image = NULL;
	struct error *err = image_open(synth_path(data, size), &image);

	image_destroy(image);
	return err;
}

static void test_good(void)
{
	struct synth elf = {NULL, 0, 0};
	struct image *image = NULL;
	struct error *err;
	const char *data;
	uint64_t addr;
	size_t size;

	synth_kernel(&elf);
	err = image_open(synth_path(elf.data, elf.size), &image);
	ok(!err && image, "a linked kernel is read");
	if (err)
		return;
	ok(!image_is_module(image), "it is not a module");
	data = image_elf(image, &size);
	ok(size == elf.size && !memcmp(data, elf.data, size), "its ELF file is the file");
	data = (const char *)image_build_id(image, &size);
	ok(data && size == 6 && !memcmp(data, "\1\2\3\4\5\6", 6),
	   "its build-id is found after another note");
	is_str(image_banner(image), "Linux version 6.1.0-test (you@there) #1",
	       "its banner is the one with a release, without newline");
	data = image_section(image, ".text", &addr, &size);
	ok(data && addr == TEXT && size == 16 && !memcmp(data, code, 16), "a section by name");
	ok(!image_section(image, ".bss", NULL, NULL), "a section without contents");
	ok(!image_section(image, ".comment", NULL, NULL), "a section that is not allocated");
	ok(!image_section(image, ".data", NULL, NULL), "a section that is not there");
	data = image_at(image, TEXT + 4, 12);
	ok(data && !memcmp(data, "456789abcdef", 12), "bytes at an address, up to the end");
	ok(!image_at(image, TEXT + 4, 13), "bytes beyond the end");
	ok(!image_at(image, TEXT + 16, 1), "bytes after the end");
	ok(!image_at(image, TEXT - 1, 2), "bytes before the first section");
	ok(!image_at(image, TEXT + 0x9000, 1), "bytes of .bss");
	ok(!image_at(image, TEXT + 1, SIZE_MAX), "a size that overflows");
	image_destroy(image);
	synth_reset(&elf);
}

static void test_module(void)
{
	const struct synth_section sections[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, code, 16, 0, 0, 0},
		{".rodata", SHT_PROGBITS, SHF_ALLOC, 0, rodata, sizeof(rodata), 0, 0, 0},
	};
	struct synth elf = {NULL, 0, 0};
	struct image *image = NULL;
	struct error *err;
	size_t size;

	synth_elf(&elf, ET_REL, sections, 2);
	err = image_open(synth_path(elf.data, elf.size), &image);
	ok(!err, "a module is read");
	if (err)
		return;
	ok(image_is_module(image), "it is a module");
	ok(!image_build_id(image, &size) && !size, "without a build-id there is none");
	ok(!image_banner(image), "a module has no banner");
	ok(!image_at(image, 0, 1), "a module has no addresses");
	ok(image_section(image, ".text", NULL, &size) && size == 16, "but sections");
	image_destroy(image);
	synth_reset(&elf);
}

/* One field of the header is changed; size is that of the field. */
static int bad_header(const struct synth *elf, size_t offset, uint64_t value, size_t size,
		      const char *words)
{
	char *copy = malloc(elf->size);
	int good;

	memcpy(copy, elf->data, elf->size);
	memcpy(copy + offset, &value, size);
	good = synth_is_error(open_bytes(copy, elf->size), words);
	free(copy);
	return good;
}

#define bad_field(field, value, words)                                                             \
	bad_header(&elf, offsetof(Elf64_Ehdr, field), value, sizeof(((Elf64_Ehdr *)0)->field),     \
		   words)

static void test_bad_headers(void)
{
	struct synth elf = {NULL, 0, 0};
	Elf64_Ehdr header;

	synth_kernel(&elf);
	memcpy(&header, elf.data, sizeof(header));
	ok(bad_header(&elf, EI_CLASS, ELFCLASS32, 1, "64-bit"), "a 32-bit file");
	ok(bad_header(&elf, EI_DATA, ELFDATA2MSB, 1, "little-endian"), "a big-endian file");
	ok(bad_field(e_machine, EM_AARCH64, "not for x86-64"), "another architecture");
	ok(bad_field(e_type, ET_CORE, "neither a kernel nor a module"), "a core dump");
	ok(bad_field(e_shoff, 0, "section headers"), "no section headers");
	ok(bad_field(e_shoff, UINT64_MAX, "section headers"), "section headers far away");
	ok(bad_field(e_shoff, UINT64_MAX - 63, "section headers"), "and so that adding overflows");
	ok(bad_field(e_shnum, 0xfff0, "section headers"), "more sections than fit");
	ok(bad_field(e_shnum, 0, "section headers"), "no sections");
	ok(bad_field(e_shentsize, 40, "section headers"), "section headers of another size");
	ok(bad_field(e_shstrndx, 0, "section names"), "no names");
	ok(bad_field(e_shstrndx, 99, "section names"), "names in a section that is not there");
	ok(bad_field(e_shstrndx, 2, "section names"), "names in code");
	ok(bad_header(&elf, header.e_shoff + 64 + offsetof(Elf64_Shdr, sh_size), UINT64_MAX, 8,
		      "ends beyond the file"),
	   "a section that is too large");
	ok(bad_header(&elf, header.e_shoff + 64 + offsetof(Elf64_Shdr, sh_offset), UINT64_MAX, 8,
		      "ends beyond the file"),
	   "a section that starts too late");
	ok(bad_header(&elf, header.e_shoff + 64 + offsetof(Elf64_Shdr, sh_name), 0xffff, 4,
		      "the name of section 1"),
	   "a name that is not there");
	synth_reset(&elf);
}

static void test_not_elf(void)
{
	struct error *err;

	ok(synth_is_error(open_bytes("", 0), "is empty"), "an empty file");
	ok(synth_is_error(open_bytes("hello", 5), "is not an ELF file"), "a text");
	ok(synth_is_error(open_bytes(ELFMAG, 4), "truncated"), "only the magic");
	err = image_open("/nowhere/vmlinuz", NULL);
	ok(err && strstr(err->message, "/nowhere/vmlinuz"), "a file that is not there");
	error_destroy(err);
	err = image_open("/proc/self", NULL);
	ok(err && strstr(err->message, "directory"), "a directory");
	error_destroy(err);
	image_destroy(NULL);
	ok(1, "destroying nothing is legal");
}

static void test_damage(void)
{
	struct synth elf = {NULL, 0, 0};
	unsigned int errors = 0, read = 0;
	struct error *err;

	synth_kernel(&elf);
	for (size_t size = 0; size < elf.size; size++) {
		err = open_bytes(elf.data, size);
		errors += err && !strchr(err->message, '\n');
		error_destroy(err);
	}
	ok(errors == elf.size, "cut after any number of bytes: an error in one line");
	for (size_t i = 0; i < elf.size; i++) {
		char old = elf.data[i];

		for (int bit = 0; bit < 8; bit++) {
			elf.data[i] = (char)(old ^ 1 << bit);
			err = open_bytes(elf.data, elf.size);
			read += !err;
			error_destroy(err);
		}
		elf.data[i] = old;
	}
	ok(read, "any bit wrong: an error, or read without harm (%u of %zu)", read, elf.size * 8);
	synth_reset(&elf);
}

/* Large files are read around their debug information. */
static void test_large(void)
{
	static const size_t large = (size_t)9 << 20;
	struct synth elf = {NULL, 0, 0};
	struct image *image = NULL;
	struct error *err;
	const char *data;
	char *debug = malloc(large);
	size_t size;

	memset(debug, 'd', large);
	const struct synth_section sections[] = {
		{".debug_info", SHT_PROGBITS, 0, 0, debug, large, 0, 0, 0},
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, TEXT, code, 16, 0, 0, 0},
		{".debug_line", SHT_PROGBITS, 0, 0, debug, 4096, 0, 0, 0},
		{".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, RODATA, debug, 4096, 0, 0, 0},
		{".debug_str_of_a_long_name", SHT_PROGBITS, 0, 0, debug, 4096, 0, 0, 0},
	};

	synth_elf(&elf, ET_EXEC, sections, 5);
	err = image_open(synth_path(elf.data, elf.size), &image);
	ok(!err, "a large kernel is read");
	if (!err) {
		data = image_elf(image, &size);
		ok(size == elf.size && !data[4096] && !data[large], "without debug information");
		data = image_at(image, TEXT, 16);
		ok(data && !memcmp(data, code, 16), "with what is between");
		data = image_at(image, RODATA, 4096);
		ok(data && !memcmp(data, debug, 4096), "and with all of it");
		image_destroy(image);
	}
	ok(synth_is_error(open_bytes(elf.data, elf.size - 1), "section headers"),
	   "a large kernel that is cut");
	ok(synth_is_error(open_bytes(debug, large), "is not an ELF file"), "a large text");
	synth_reset(&elf);
	free(debug);
}

int main(void)
{
	test_good();
	test_module();
	test_bad_headers();
	test_not_elf();
	test_damage();
	test_large();
	return tap_done();
}
