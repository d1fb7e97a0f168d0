// SPDX-License-Identifier: GPL-2.0-or-later
/* Wrappers: each compression, alone and inside a boot image, whole, cut and damaged. */
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <klpkit/image.h>
#include <tap.h>

#include "synth.h"

#define ROOM ((size_t)1 << 20)

static void pack_gzip(struct synth *out, const char *data, size_t size)
{
	z_stream stream = {.next_in = (uint8_t *)data, .avail_in = (uInt)size};
	char *packed = malloc(ROOM);

	deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
	stream.next_out = (uint8_t *)packed;
	stream.avail_out = ROOM;
	deflate(&stream, Z_FINISH);
	synth_put(out, packed, ROOM - stream.avail_out);
	deflateEnd(&stream);
	free(packed);
}

static void pack_xz(struct synth *out, const char *data, size_t size)
{
	uint8_t *packed = malloc(ROOM);
	size_t used = 0;

	if (lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, (const uint8_t *)data, size, packed,
				    &used, ROOM) != LZMA_OK)
		abort();
	synth_put(out, packed, used);
	free(packed);
}

static void pack_lzma(struct synth *out, const char *data, size_t size)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	uint8_t *packed = malloc(ROOM);
	lzma_options_lzma options;

	if (lzma_lzma_preset(&options, 1) || lzma_alone_encoder(&stream, &options) != LZMA_OK)
		abort();
	stream.next_in = (const uint8_t *)data;
	stream.avail_in = size;
	stream.next_out = packed;
	stream.avail_out = ROOM;
	if (lzma_code(&stream, LZMA_FINISH) != LZMA_STREAM_END)
		abort();
	synth_put(out, packed, ROOM - stream.avail_out);
	lzma_end(&stream);
	free(packed);
}

static void pack_zstd(struct synth *out, const char *data, size_t size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	char *packed = malloc(ROOM);

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	synth_put(out, packed, ZSTD_compress2(context, packed, ROOM, data, size));
	ZSTD_freeCCtx(context);
	free(packed);
}

/* Two frames, as from a pipe: without the size of their contents. */
static void pack_zstd_stream(struct synth *out, const char *data, size_t size)
{
	size_t parts[2] = {size / 2, size - size / 2};

	for (int i = 0; i < 2; i++) {
		ZSTD_CCtx *context = ZSTD_createCCtx();
		ZSTD_inBuffer in = {data + (i ? parts[0] : 0), parts[i], 0};
		ZSTD_outBuffer packed = {malloc(ROOM), ROOM, 0};

		ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
		if (ZSTD_compressStream2(context, &packed, &in, ZSTD_e_continue) ||
		    ZSTD_compressStream2(context, &packed, &in, ZSTD_e_end))
			abort();
		synth_put(out, packed.dst, packed.pos);
		free(packed.dst);
		ZSTD_freeCCtx(context);
	}
}

static void pack_lz4(struct synth *out, const char *data, size_t size)
{
	char *packed = malloc(ROOM);

	synth_u32(out, 0x184c2102);
	for (size_t part; size; data += part, size -= part) {
		int used;

		part = size < 3000 ? size : 3000;
		used = LZ4_compress_default(data, packed, (int)part, ROOM);
		synth_u32(out, (uint32_t)used);
		synth_put(out, packed, (size_t)used);
	}
	free(packed);
}

struct packer {
	const char *name;
	void (*pack)(struct synth *out, const char *data, size_t size);
	int size_follows; /* in a boot image */
	int checks;	  /* every cut and every damage is seen, even without the size behind it */
};

static const struct packer packers[] = {
	{"gzip", pack_gzip, 0, 1},
	{"xz", pack_xz, 1, 1},
	{"LZMA", pack_lzma, 1, 0},
	{"ZSTD", pack_zstd, 1, 1},
	{"ZSTD stream", pack_zstd_stream, 1, 0},
	{"LZ4", pack_lz4, 1, 0},
};

#define PACKERS (sizeof(packers) / sizeof(*packers))

/* A boot image: setup sectors, some bytes of decompressor, the payload, some more bytes. */
static void synth_bzimage(struct synth *out, const struct packer *packer, const char *data,
			  size_t size, uint32_t claimed)
{
	uint16_t version = 0x20f;
	uint32_t length;

	synth_reset(out);
	synth_put(out, NULL, 4 * 512 + 100);
	packer->pack(out, data, size);
	if (packer->size_follows)
		synth_u32(out, claimed);
	length = (uint32_t)(out->size - 4 * 512 - 100);
	synth_put(out, NULL, 1000);
	memcpy(out->data, "MZ", 2);
	out->data[0x1f1] = 3;
	memcpy(out->data + 0x202, "HdrS", 4);
	memcpy(out->data + 0x206, &version, 2);
	memcpy(out->data + 0x248, &(uint32_t){100}, 4);
	memcpy(out->data + 0x24c, &length, 4);
}

static struct error *open_bytes(const void *data, size_t size)
{
	struct image *image = NULL;
	struct error *err = image_open(synth_path(data, size), &image);

	image_destroy(image);
	return err;
}

static int opens_as(const struct synth *wrapped, const struct synth *elf)
{
	struct image *image = NULL;
	struct error *err = image_open(synth_path(wrapped->data, wrapped->size), &image);
	size_t size;
	const void *data;
	int same;

	if (err) {
		printf("# %s\n", err->message);
		error_destroy(err);
		return 0;
	}
	data = image_elf(image, &size);
	same = size == elf->size && !memcmp(data, elf->data, size);
	image_destroy(image);
	return same;
}

static void test_plain(const struct packer *packer, const struct synth *elf)
{
	struct synth packed = {NULL, 0, 0};
	size_t errors = 0, opened = 0, tried = 0;
	struct error *err;

	packer->pack(&packed, elf->data, elf->size);
	ok(opens_as(&packed, elf), "%s: a compressed module is read", packer->name);
	for (size_t size = 0; size < packed.size; size++) {
		err = open_bytes(packed.data, size);
		errors += err && !strchr(err->message, '\n');
		error_destroy(err);
	}
	/* nothing of LZ4's legacy frame, but the ELF file in it, tells where it ends */
	ok(errors == packed.size, "%s: cut anywhere it is an error", packer->name);
	for (size_t i = 0; i < packed.size; i++, tried++) {
		packed.data[i] ^= 0x55;
		err = open_bytes(packed.data, packed.size);
		opened += !err;
		error_destroy(err);
		packed.data[i] ^= 0x55;
	}
	/* gzip's and xz's headers have bytes without meaning: a time, a flag */
	ok(packer->checks ? opened < 16 : opened < tried,
	   "%s: damaged anywhere it is an error or unharmed (%zu of %zu)", packer->name, opened,
	   tried);
	synth_reset(&packed);
}

static void test_bzimage(const struct packer *packer, const struct synth *elf)
{
	struct synth boot = {NULL, 0, 0}, packed = {NULL, 0, 0};
	size_t errors = 0, step = 7, tried = 0;
	struct error *err;

	synth_bzimage(&boot, packer, elf->data, elf->size, (uint32_t)elf->size);
	ok(opens_as(&boot, elf), "%s: a boot image is read", packer->name);
	pack_gzip(&packed, boot.data, boot.size);
	ok(opens_as(&packed, elf), "%s: a compressed boot image is read", packer->name);
	for (size_t size = 0; size < boot.size - 1000; size += step, tried++) {
		err = open_bytes(boot.data, size);
		errors += err && !strchr(err->message, '\n');
		error_destroy(err);
	}
	ok(errors == tried, "%s: a boot image that is cut is an error", packer->name);
	if (packer->size_follows) {
		synth_bzimage(&boot, packer, elf->data, elf->size, (uint32_t)elf->size + 1);
		ok(synth_is_error(open_bytes(boot.data, boot.size), "claims"),
		   "%s: a payload that is shorter than it claims", packer->name);
		synth_bzimage(&boot, packer, elf->data, elf->size, UINT32_MAX);
		ok(synth_is_error(open_bytes(boot.data, boot.size), "more than 2048 MiB"),
		   "%s: a payload that claims 4 GiB", packer->name);
	}
	synth_reset(&boot);
	synth_reset(&packed);
}

static int bad_setup(const struct synth *boot, size_t offset, uint32_t value, size_t size,
		     const char *words)
{
	char *copy = malloc(boot->size);
	int good;

	memcpy(copy, boot->data, boot->size);
	memcpy(copy + offset, &value, size);
	good = synth_is_error(open_bytes(copy, boot->size), words);
	free(copy);
	return good;
}

static void test_setup_header(const struct synth *elf)
{
	struct synth boot = {NULL, 0, 0};
	char zboot[4096] = "MZ\0\0zimg";

	synth_bzimage(&boot, &packers[0], elf->data, elf->size, 0);
	ok(bad_setup(&boot, 0x206, 0x207, 2, "2.6.26"), "an old boot protocol");
	ok(bad_setup(&boot, 0x248, UINT32_MAX, 4, "payload ends beyond"), "a payload far away");
	ok(bad_setup(&boot, 0x24c, UINT32_MAX, 4, "payload ends beyond"), "an endless payload");
	ok(bad_setup(&boot, 0x24c, 0, 4, "payload ends beyond"), "no payload");
	ok(bad_setup(&boot, 0x248, 101, 4, "unknown way"), "a payload that is not one");
	ok(bad_setup(&boot, 4 * 512 + 100, 0x00685a42, 4, "bzip2"), "bzip2 is named");
	ok(synth_is_error(open_bytes(zboot, sizeof(zboot)), "another architecture"),
	   "a boot image of another architecture");
	ok(synth_is_error(open_bytes(boot.data, 0x210), "truncated"), "a setup header that is cut");
	synth_reset(&boot);
}

static void test_not_elf(void)
{
	struct synth packed = {NULL, 0, 0}, twice = {NULL, 0, 0};

	for (size_t i = 0; i < PACKERS; i++) {
		packers[i].pack(&packed, "not an ELF file", 15);
		ok(synth_is_error(open_bytes(packed.data, packed.size), "is not an ELF file"),
		   "%s: around something else", packers[i].name);
		synth_reset(&packed);
	}
	pack_gzip(&packed, "", 0);
	ok(synth_is_error(open_bytes(packed.data, packed.size), "is empty"), "around nothing");
	for (int i = 0; i < 6; i++) {
		synth_reset(&twice);
		pack_gzip(&twice, packed.data, packed.size);
		synth_reset(&packed);
		synth_put(&packed, twice.data, twice.size);
	}
	ok(synth_is_error(open_bytes(packed.data, packed.size), "is not an ELF file"),
	   "wrapped more often than a kernel is");
	synth_reset(&packed);
	synth_reset(&twice);
}

int main(void)
{
	struct synth elf = {NULL, 0, 0};
	char *text = malloc(8192);

	for (size_t i = 0; i < 8192; i++)
		text[i] = (char)(i % 251 ^ i / 97);
	const struct synth_section sections[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0, text, 8192, 0, 0, 0},
	};

	synth_elf(&elf, ET_REL, sections, 1);
	for (size_t i = 0; i < PACKERS; i++) {
		test_plain(&packers[i], &elf);
		test_bzimage(&packers[i], &elf);
	}
	test_setup_header(&elf);
	test_not_elf();
	synth_reset(&elf);
	free(text);
	return tap_done();
}
