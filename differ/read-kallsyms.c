// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the kernel's image. Out: the symbols that its kallsyms tables hold, in their order.
 *
 * The tables (scripts/kallsyms.c) have no symbols of their own in a stripped image. All start at
 * a multiple of 8, in one of these orders:
 *
 *   before 6.4    offsets relative_base num_syms names markers [seqs_of_names] token_table
 *                 token_index
 *   since 6.4     num_syms names markers token_table token_index offsets relative_base
 *                 seqs_of_names
 *
 * 1. The token table has a token for every character that some name uses; the ten digits always
 *    are, and each stands for itself. That finds it; the token index after it proves it.
 * 2. The names and their number lie before it. A number is right when that many names end where
 *    the markers start, and each marker tells where in the names it points.
 * 3. The offsets and their base are where one of the two orders has them, if the addresses
 *    ascend.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "read-image.h"
#include "read-symtab.h"

#define TOKENS	       256
#define NAMES_A_MARKER 256
#define KSYM_NAME_LEN  512
/* Where x86-64 links its kernel: the top 2 GiB. */
#define KERNEL_START 0xffffffff80000000ull

struct kallsyms {
	const uint8_t *data; /* .rodata; all positions count from its start */
	size_t size;
	uint64_t addr;
	size_t token_table, token_index;
	const char *tokens[TOKENS];
	uint16_t token_sizes[TOKENS];
	size_t num_syms, names, names_end, offsets;
	uint32_t count;
	uint64_t base;
	/* CONFIG_KALLSYMS_ABSOLUTE_PERCPU: offsets that are not negative are addresses */
	bool absolute_percpu;
	uint64_t effort; /* the names looked at in vain, at most */
};

static uint16_t kallsyms_u16(const struct kallsyms *tables, size_t at)
{
	uint16_t value;

	memcpy(&value, tables->data + at, sizeof(value));
	return le16toh(value);
}

static uint32_t kallsyms_u32(const struct kallsyms *tables, size_t at)
{
	uint32_t value;

	memcpy(&value, tables->data + at, sizeof(value));
	return le32toh(value);
}

static uint64_t kallsyms_u64(const struct kallsyms *tables, size_t at)
{
	uint64_t value;

	memcpy(&value, tables->data + at, sizeof(value));
	return le64toh(value);
}

static size_t kallsyms_align(const struct kallsyms *tables, size_t at)
{
	return at + (-(tables->addr + at) & 7);
}

/* The token table that has the token of '0' at digits, if there is one. */
static bool kallsyms_check_tokens(struct kallsyms *tables, size_t digits)
{
	const uint8_t *end = tables->data + tables->size;
	const uint8_t *at = tables->data + digits;
	size_t index, start;

	for (int i = '0'; i < TOKENS; i++) {
		at = memchr(at, '\0', (size_t)(end - at));
		if (!at++)
			return false;
	}
	index = kallsyms_align(tables, (size_t)(at - tables->data));
	if (index > tables->size || tables->size - index < TOKENS * 2)
		return false;
	start = kallsyms_u16(tables, index + '0' * 2);
	if (start > digits)
		return false;
	start = digits - start;
	if (kallsyms_align(tables, start) != start)
		return false;
	at = tables->data + start;
	for (int i = 0; i < TOKENS; i++) {
		const uint8_t *stop = memchr(at, '\0', (size_t)(end - at));

		if (!stop || kallsyms_u16(tables, index + (size_t)i * 2) !=
				     (size_t)(at - tables->data) - start)
			return false;
		tables->tokens[i] = (const char *)at;
		tables->token_sizes[i] = (uint16_t)(stop - at);
		at = stop + 1;
	}
	tables->token_table = start;
	tables->token_index = index;
	return true;
}

/* Moves *at over one name's length; false if that is beyond end. */
static bool kallsyms_name_size(const struct kallsyms *tables, size_t *at, size_t end,
			       size_t *size_ret)
{
	size_t size;

	if (*at >= end)
		return false;
	size = tables->data[(*at)++];
	/* Two bytes for 128 and more since 6.1 (73bbb94466fd3). */
	if (size & 0x80) {
		if (*at >= end)
			return false;
		size = (size & 0x7f) | (size_t)tables->data[(*at)++] << 7;
	}
	if (!size || size > end - *at)
		return false;
	*size_ret = size;
	return true;
}

/* Do count names from here on end just before the markers, and do those agree? */
static bool kallsyms_check_names(struct kallsyms *tables, size_t num_syms, uint32_t count,
				 size_t markers)
{
	size_t names = num_syms + 8, at = names, size;

	for (uint32_t i = 0; i < count; i++) {
		if (i % NAMES_A_MARKER == 0 &&
		    kallsyms_u32(tables, markers + i / NAMES_A_MARKER * 4) != at - names)
			return false;
		if (!tables->effort || !kallsyms_name_size(tables, &at, markers, &size))
			return false;
		tables->effort--;
		at += size;
	}
	if (kallsyms_align(tables, at) != markers)
		return false;
	tables->num_syms = num_syms;
	tables->names = names;
	tables->names_end = at;
	tables->count = count;
	return true;
}

static bool kallsyms_find_names(struct kallsyms *tables)
{
	size_t start = kallsyms_align(tables, 0);

	for (size_t at = tables->token_table - start; at >= 16; at -= 8) {
		size_t num_syms = start + at - 16;
		size_t room = tables->token_table - num_syms - 8;
		uint32_t count = kallsyms_u32(tables, num_syms);

		/* a name takes two bytes or more */
		if (!count || count > room / 2 || kallsyms_u32(tables, num_syms + 4))
			continue;
		for (int has_seqs = 0; has_seqs < 2; has_seqs++) {
			size_t seqs = has_seqs ? ((size_t)count * 3 + 7) / 8 * 8 : 0;
			size_t markers = ((size_t)count + NAMES_A_MARKER - 1) / NAMES_A_MARKER;

			markers = (markers * 4 + 7) / 8 * 8;
			if ((size_t)count * 2 + markers + seqs > room)
				continue;
			if (kallsyms_check_names(tables, num_syms, count,
						 tables->token_table - seqs - markers))
				return true;
		}
	}
	return false;
}

static uint64_t kallsyms_address(const struct kallsyms *tables, uint32_t index)
{
	uint32_t offset = kallsyms_u32(tables, tables->offsets + (size_t)index * 4);

	if (!tables->absolute_percpu)
		return tables->base + offset;
	if (!(offset & 0x80000000u))
		return offset;
	return tables->base + ~offset;
}

static bool kallsyms_check_offsets(struct kallsyms *tables, size_t offsets, size_t base)
{
	uint64_t last = 0;

	tables->offsets = offsets;
	tables->base = kallsyms_u64(tables, base);
	if (tables->base < KERNEL_START)
		return false;
	/*
	 * The two rules can be told apart by the offsets alone: the image is smaller than 2 GiB,
	 * so that the plain rule never has the highest bit set, and the other one has it for
	 * every symbol that is not per-cpu.
	 */
	tables->absolute_percpu = false;
	for (uint32_t i = 0; i < tables->count && !tables->absolute_percpu; i++)
		tables->absolute_percpu = kallsyms_u32(tables, offsets + (size_t)i * 4) >> 31;
	for (uint32_t i = 0; i < tables->count; i++) {
		uint64_t address = kallsyms_address(tables, i);

		if (address < last)
			return false;
		last = address;
	}
	return true;
}

static bool kallsyms_find_offsets(struct kallsyms *tables)
{
	size_t room = (size_t)tables->count * 4, at;

	/* since 6.4: after the token index */
	at = kallsyms_align(tables, tables->token_index + TOKENS * 2);
	if (at <= tables->size && room + 16 <= tables->size - at &&
	    kallsyms_check_offsets(tables, at, kallsyms_align(tables, at + room)))
		return true;
	/* before: in front of the names */
	room = (room + 7) / 8 * 8;
	if (tables->num_syms < room + 8)
		return false;
	at = tables->num_syms - 8;
	return kallsyms_check_offsets(tables, at - room, at);
}

/* The length of the expanded name with its type letter in front; *at moves behind it. */
static size_t kallsyms_expand(const struct kallsyms *tables, size_t *at, char *name)
{
	size_t packed, size = 0;

	if (!kallsyms_name_size(tables, at, tables->names_end, &packed))
		return 0;
	for (; packed; packed--, (*at)++) {
		size_t token = tables->token_sizes[tables->data[*at]];

		if (token > KSYM_NAME_LEN - size)
			return 0;
		memcpy(name + size, tables->tokens[tables->data[*at]], token);
		size += token;
	}
	return size > 1 ? size : 0;
}

static struct error *kallsyms_read_entries(const struct kallsyms *tables, const char *path,
					   struct symtab *symtab)
{
	char name[KSYM_NAME_LEN], *strings, *next, *more;
	size_t at = tables->names, room, size;

	/* How long the names are is seen on the way; entries are set when they stay in place. */
	room = (size_t)tables->count * 32;
	strings = next = malloc(room);
	if (!strings)
		return error_nomem();
	for (uint32_t i = 0; i < tables->count; i++) {
		size = kallsyms_expand(tables, &at, name);
		if (!size) {
			free(strings);
			return error_create(EXIT_ERROR,
					    "%s: is damaged: name %u of its kallsyms "
					    "tables is not one",
					    path, i);
		}
		if (size + 1 > room - (size_t)(next - strings)) {
			room = room * 2 + KSYM_NAME_LEN;
			more = realloc(strings, room);
			if (!more) {
				free(strings);
				return error_nomem();
			}
			next = more + (next - strings);
			strings = more;
		}
		memcpy(next, name, size);
		next[size] = '\0';
		next += size + 1;
	}
	symtab->strings = next = strings;
	for (uint32_t i = 0; i < tables->count; i++, next += strlen(next) + 1)
		symtab_add(symtab, &(struct symtab_entry){
					   .name = next + 1,
					   .address = kallsyms_address(tables, i),
					   .type = *next,
				   });
	return NULL;
}

static struct error *kallsyms_find(struct kallsyms *tables, const char *path)
{
	static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	const uint8_t *at = tables->data, *end = at + tables->size;

	for (; (at = memmem(at, (size_t)(end - at), digits, sizeof(digits))); at++)
		if (kallsyms_check_tokens(tables, (size_t)(at - tables->data)))
			break;
	if (!at)
		return error_create(EXIT_ERROR,
				    "%s: has neither a symbol table nor kallsyms tables; "
				    "use the vmlinuz or the vmlinux of the kernel's package",
				    path);
	if (!kallsyms_find_names(tables) || !kallsyms_find_offsets(tables))
		return error_create(
			EXIT_ERROR,
			"%s: its kallsyms tables are damaged, or of a kernel "
			"whose form is not known (6.1 to 6.12 are); use a vmlinux with a "
			"symbol table or a System.map",
			path);
	return NULL;
}

struct error *symtab_read_kallsyms(const struct image *image, const char *path, struct symtab **ret)
{
	struct kallsyms tables = {.data = NULL};
	struct symtab *symtab = NULL;
	struct error *err;

	tables.data = image_section(image, ".rodata", &tables.addr, &tables.size);
	if (!tables.data)
		return error_create(EXIT_ERROR,
				    "%s: has neither a symbol table nor a .rodata section "
				    "with kallsyms tables",
				    path);
	tables.effort = tables.size * 8;
	err = kallsyms_find(&tables, path);
	if (!err)
		err = symtab_create(path, tables.count, NULL, false, &symtab);
	if (!err)
		err = kallsyms_read_entries(&tables, path, symtab);
	if (!err)
		err = symtab_finish(symtab, SYMTAB_AS_ADDED);
	if (err) {
		symtab_destroy(symtab);
		return err;
	}
	*ret = symtab;
	return NULL;
}
