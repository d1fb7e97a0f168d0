// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a boot image or a compressed file. Out: what is in it, whole or not at all.
 *
 * The kernel's build appends the unpacked size to every payload but gzip's, which ends with it
 * anyway (scripts/Makefile.lib, size_append).
 */
#include <endian.h>
#include <lz4.h>
#include <lzma.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "read-compressed.h"

/* Beyond any kernel; what unpacks to more is not one. */
#define UNPACKED_MAX ((size_t)2 << 30)
/* xz -9 needs 65 MiB; the kernel's own build uses a 32 MiB dictionary. */
#define LZMA_MEMORY_MAX	 ((uint64_t)1 << 30)
#define LZ4_LEGACY_BLOCK ((size_t)8 << 20)

struct unpacked {
	char *data;
	size_t size, room;
};

static uint32_t read_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static struct error *unpacked_grow(const char *path, struct unpacked *out, size_t want)
{
	char *more;

	if (want <= out->room)
		return NULL;
	if (want > UNPACKED_MAX)
		return error_create(EXIT_ERROR,
				    "%s: unpacks to more than %zu MiB, so it is not a "
				    "kernel or a module",
				    path, UNPACKED_MAX >> 20);
	if (want < out->room * 2)
		want = out->room * 2 < UNPACKED_MAX ? out->room * 2 : UNPACKED_MAX;
	more = realloc(out->data, want);
	if (!more)
		return error_nomem();
	out->data = more;
	out->room = want;
	return NULL;
}

static struct error *unpack_damaged(const char *path, const char *format, const char *why)
{
	return error_create(EXIT_ERROR,
			    "%s: its %s data is truncated or damaged (%s); get the "
			    "file again",
			    path, format, why);
}

/* Frames of the format that `lz4 -l` writes: a magic, then blocks with their packed size. */
static struct error *unpack_lz4(const char *path, const uint8_t *in, size_t size,
				struct unpacked *out)
{
	while (size) {
		struct error *err;
		uint32_t block;
		int got;

		if (size < 4)
			return unpack_damaged(path, "LZ4", "a block is cut");
		block = read_u32(in);
		in += 4;
		size -= 4;
		if (block == 0x184c2102)
			continue;
		if (block > size || block > LZ4_COMPRESSBOUND(LZ4_LEGACY_BLOCK))
			return unpack_damaged(path, "LZ4", "a block is cut");
		err = unpacked_grow(path, out, out->size + LZ4_LEGACY_BLOCK);
		if (err)
			return err;
		got = LZ4_decompress_safe((const char *)in, out->data + out->size, (int)block,
					  (int)LZ4_LEGACY_BLOCK);
		if (got < 0)
			return unpack_damaged(path, "LZ4", "a block does not unpack");
		out->size += (size_t)got;
		in += block;
		size -= block;
	}
	return NULL;
}

static struct error *unpack_zstd_frame(const char *path, const uint8_t *in, size_t size,
				       struct unpacked *out)
{
	unsigned long long content = ZSTD_getFrameContentSize(in, size);
	struct error *err;
	size_t got;

	if (content == ZSTD_CONTENTSIZE_ERROR)
		return unpack_damaged(path, "ZSTD", "bad frame header");
	if (content == ZSTD_CONTENTSIZE_UNKNOWN)
		content = size;
	err = unpacked_grow(path, out,
			    content > UNPACKED_MAX - out->size ? SIZE_MAX
							       : out->size + (size_t)content + 1);
	for (;;) {
		if (err)
			return err;
		got = ZSTD_decompress(out->data + out->size, out->room - out->size, in, size);
		if (!ZSTD_isError(got))
			break;
		if (ZSTD_getErrorCode(got) != ZSTD_error_dstSize_tooSmall)
			return unpack_damaged(path, "ZSTD", ZSTD_getErrorName(got));
		err = unpacked_grow(path, out, out->room + size + 1);
	}
	out->size += got;
	return NULL;
}

static struct error *unpack_zstd(const char *path, const uint8_t *in, size_t size,
				 struct unpacked *out)
{
	while (size) {
		size_t frame = ZSTD_findFrameCompressedSize(in, size);
		struct error *err;

		if (ZSTD_isError(frame))
			return unpack_damaged(path, "ZSTD", ZSTD_getErrorName(frame));
		err = unpack_zstd_frame(path, in, frame, out);
		if (err)
			return err;
		in += frame;
		size -= frame;
	}
	return NULL;
}

static const char *unpack_lzma_reason(lzma_ret got)
{
	switch (got) {
	case LZMA_BUF_ERROR:
		return "it ends early";
	case LZMA_FORMAT_ERROR:
	case LZMA_OPTIONS_ERROR:
		return "bad header";
	case LZMA_MEMLIMIT_ERROR:
		return "it asks for too much memory";
	default:
		return "its contents do not unpack";
	}
}

static struct error *unpack_lzma_stream(const char *path, const char *format, lzma_stream *stream,
					const uint8_t *in, size_t size, struct unpacked *out)
{
	struct error *err;
	lzma_ret got;

	stream->next_in = in;
	stream->avail_in = size;
	do {
		err = unpacked_grow(path, out, out->size + 65536);
		if (err)
			return err;
		stream->next_out = (uint8_t *)out->data + out->size;
		stream->avail_out = out->room - out->size;
		got = lzma_code(stream, LZMA_FINISH);
		out->size = out->room - stream->avail_out;
	} while (got == LZMA_OK);
	if (got == LZMA_MEM_ERROR)
		return error_nomem();
	if (got != LZMA_STREAM_END)
		return unpack_damaged(path, format, unpack_lzma_reason(got));
	if (stream->avail_in)
		return unpack_damaged(path, format, "more data follows its end");
	return NULL;
}

static struct error *unpack_xz(const char *path, const uint8_t *in, size_t size,
			       struct unpacked *out)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	struct error *err;

	if (lzma_stream_decoder(&stream, LZMA_MEMORY_MAX, LZMA_CONCATENATED) != LZMA_OK)
		return error_nomem();
	err = unpack_lzma_stream(path, "xz", &stream, in, size, out);
	lzma_end(&stream);
	return err;
}

static struct error *unpack_lzma(const char *path, const uint8_t *in, size_t size,
				 struct unpacked *out)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	struct error *err;

	if (lzma_alone_decoder(&stream, LZMA_MEMORY_MAX) != LZMA_OK)
		return error_nomem();
	err = unpack_lzma_stream(path, "LZMA", &stream, in, size, out);
	lzma_end(&stream);
	return err;
}

/* zlib counts in 32 bits; neither side is longer than UNPACKED_MAX here. */
static struct error *unpack_gzip_stream(const char *path, z_stream *stream, struct unpacked *out)
{
	struct error *err;
	int got;

	for (;;) {
		err = unpacked_grow(path, out, out->size + 65536);
		if (err)
			return err;
		stream->next_out = (uint8_t *)out->data + out->size;
		stream->avail_out = (uInt)(out->room - out->size);
		got = inflate(stream, Z_NO_FLUSH);
		out->size = out->room - stream->avail_out;
		if (got == Z_STREAM_END && !stream->avail_in)
			return NULL;
		/* members may follow each other */
		if (got == Z_STREAM_END)
			got = inflateReset(stream);
		if (got == Z_MEM_ERROR)
			return error_nomem();
		if (got == Z_BUF_ERROR || (got == Z_OK && !stream->avail_in && stream->avail_out))
			return unpack_damaged(path, "gzip", "it ends early");
		if (got != Z_OK)
			return unpack_damaged(path, "gzip",
					      stream->msg ? stream->msg
							  : "its contents do not unpack");
	}
}

static struct error *unpack_gzip(const char *path, const uint8_t *in, size_t size,
				 struct unpacked *out)
{
	z_stream stream = {.next_in = (uint8_t *)in};
	struct error *err;

	if (size > UNPACKED_MAX)
		return unpack_damaged(path, "gzip", "it is too long");
	stream.avail_in = (uInt)size;
	if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return error_nomem();
	err = unpack_gzip_stream(path, &stream, out);
	inflateEnd(&stream);
	return err;
}

struct format {
	const char *name;
	const char *magic;
	size_t magic_size;
	struct error *(*unpack)(const char *path, const uint8_t *in, size_t size,
				struct unpacked *out); /* NULL: known, but not read */
};

static const struct format formats[] = {
	{"gzip", "\x1f\x8b", 2, unpack_gzip},
	{"xz",
	 "\xfd"
	 "7zXZ\0",
	 6, unpack_xz},
	{"ZSTD", "\x28\xb5\x2f\xfd", 4, unpack_zstd},
	{"LZ4", "\x02\x21\x4c\x18", 4, unpack_lz4},
	{"LZMA", "\x5d\0\0", 3, unpack_lzma},
	{"bzip2", "BZh", 3, NULL},
	{"LZO", "\x89LZO", 4, NULL},
};

static const struct format *format_find(const char *data, size_t size)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (size >= formats[i].magic_size &&
		    !memcmp(data, formats[i].magic, formats[i].magic_size))
			return &formats[i];
	return NULL;
}

static struct error *format_unpack(const char *path, const struct format *format, const char *data,
				   size_t size, struct unpacked *out)
{
	if (!format->unpack)
		return error_create(EXIT_ERROR,
				    "%s: is compressed with %s, which is not read here; "
				    "unpack it first",
				    path, format->name);
	return format->unpack(path, (const uint8_t *)data, size, out);
}

/* Every boot image that an EFI firmware starts looks like a DOS program. */
static bool bzimage_is(const char *data, size_t size)
{
	return size >= 0x206 && !memcmp(data + 0x202, "HdrS", 4);
}

static struct error *bzimage_unpack(const char *path, const char *data, size_t size,
				    struct unpacked *out)
{
	const uint8_t *head = (const uint8_t *)data;
	const struct format *format;
	uint64_t start, length;
	struct error *err;
	uint32_t want;

	if (size < 0x250)
		return error_create(EXIT_ERROR, "%s: is truncated: its setup header is cut", path);
	if ((head[0x207] << 8 | head[0x206]) < 0x208)
		return error_create(EXIT_ERROR,
				    "%s: is a boot image of before Linux 2.6.26; there "
				    "is no payload to find in it",
				    path);
	start = ((head[0x1f1] ? head[0x1f1] : 4) + 1) * 512ull + read_u32(head + 0x248);
	length = read_u32(head + 0x24c);
	if (start > size || length > size - start || length < 8)
		return error_create(EXIT_ERROR,
				    "%s: is truncated or damaged: its payload ends "
				    "beyond the file",
				    path);
	format = format_find(data + start, length);
	if (!format)
		return error_create(EXIT_ERROR,
				    "%s: its payload is compressed in an unknown way; "
				    "unpack it first (scripts/extract-vmlinux)",
				    path);
	want = read_u32(head + start + length - 4);
	/* A block's worth more, so that unpacking LZ4 does not have to move it. */
	err = unpacked_grow(path, out, want + LZ4_LEGACY_BLOCK);
	if (err)
		return err;
	err = format_unpack(path, format, data + start,
			    length - (strcmp(format->name, "gzip") ? 4 : 0), out);
	if (!err && out->size != want)
		err = error_create(EXIT_ERROR,
				   "%s: is damaged: its payload unpacks to %zu bytes "
				   "and claims %u",
				   path, out->size, want);
	return err;
}

bool compressed_is_wrapper(const char *data, size_t size)
{
	return bzimage_is(data, size) || (size >= 2 && !memcmp(data, "MZ", 2)) ||
	       format_find(data, size);
}

struct error *compressed_unpack(const char *path, const char *data, size_t size, char **data_ret,
				size_t *size_ret)
{
	const struct format *format = format_find(data, size);
	struct unpacked out = {NULL, 0, 0};
	struct error *err;

	if (bzimage_is(data, size))
		err = bzimage_unpack(path, data, size, &out);
	else if (format)
		err = format_unpack(path, format, data, size, &out);
	else
		err = error_create(EXIT_ERROR,
				   "%s: is truncated, or a boot image of another "
				   "architecture or kind than x86's bzImage",
				   path);
	if (err) {
		free(out.data);
		return err;
	}
	*data_ret = out.data;
	*size_ret = out.size;
	return NULL;
}
