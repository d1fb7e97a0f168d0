// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: two kernel images. Out: the functions that differ, by name. An image has been linked: what an
 * instruction refers to is told by the symbol there, and by the contents where that is a constant.
 */
#include <stdlib.h>
#include <string.h>

#include <klpkit/image.h>

#include "arena.h"
#include "code.h"
#include "klp-diff.h"

/* Of a constant that is compared by its contents. */
#define CONSTANT 16
#define LONGEST_STRING 512
/* Per-CPU variables have small addresses in an image: offsets in each CPU's part. */
#define PER_CPU_END 0x400000

struct side {
	struct symtab *symbols;
	struct image *image;
	uint32_t *order; /* entries by address */
	size_t count;
};

struct code {
	const uint8_t *bytes;
	uint64_t start, size;
};

static int by_address(const void *left, const void *right, void *data)
{
	const struct symtab *symbols = data;
	const uint32_t *a = left, *b = right;
	uint64_t x = symtab_at(symbols, *a)->address, y = symtab_at(symbols, *b)->address;

	return x != y ? (x < y ? -1 : 1) : (*a > *b) - (*a < *b);
}

static struct error *side_open(struct side *side, const char *path)
{
	struct error *err = symtab_open(path, &side->symbols, &side->image);

	if (err)
		return err;
	if (!side->image || image_is_module(side->image))
		return error_create(EXIT_ERROR, "%s is no kernel image", path);
	side->order = calloc(symtab_count(side->symbols) + 1, sizeof(*side->order));
	if (!side->order)
		return error_nomem();
	for (uint32_t i = 0; i < symtab_count(side->symbols); i++)
		side->order[side->count++] = i;
	qsort_r(side->order, side->count, sizeof(*side->order), by_address, side->symbols);
	return NULL;
}

static void side_close(struct side *side)
{
	free(side->order);
	symtab_destroy(side->symbols);
	image_destroy(side->image);
}

/* How many are at or below the address. */
static size_t rank(const struct side *side, uint64_t address)
{
	size_t low = 0, high = side->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (symtab_at(side->symbols, side->order[middle])->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first symbol of those at or below the address; NULL: none. */
static const struct symtab_entry *symbol_at(const struct side *side, uint64_t address)
{
	size_t n = rank(side, address);
	const struct symtab_entry *found;

	if (!n)
		return NULL;
	found = symtab_at(side->symbols, side->order[n - 1]);
	while (n > 1 && symtab_at(side->symbols, side->order[n - 2])->address == found->address)
		found = symtab_at(side->symbols, side->order[--n - 1]);
	return found;
}

static bool is_text(const struct symtab_entry *entry)
{
	return entry && strchr("tTwW", entry->type);
}

/* Up to the next symbol, with the padding behind it. */
static bool code_of(const struct side *side, const struct symtab_entry *entry, struct code *ret)
{
	size_t next = rank(side, entry->address);
	uint64_t end;

	if (next == side->count)
		return false;
	end = symtab_at(side->symbols, side->order[next])->address;
	*ret = (struct code){ image_at(side->image, entry->address, end - entry->address),
			      entry->address, end - entry->address };
	return ret->bytes;
}

static bool same_constant(const struct side *old, uint64_t a, const struct side *new, uint64_t b)
{
	const char *left = image_at(old->image, a, 1), *right = image_at(new->image, b, 1);

	if (!left || !right)
		return false;
	for (size_t i = 0; i < LONGEST_STRING; i++) {
		left = image_at(old->image, a + i, 1);
		right = image_at(new->image, b + i, 1);
		if (!left || !right || *left != *right)
			return i >= CONSTANT;
		if (!*left && i)
			return true;
	}
	return true;
}

static bool same_place(const struct side *old, const struct code *in_old, uint64_t a,
		       const struct side *new, const struct code *in_new, uint64_t b)
{
	const struct symtab_entry *x, *y;

	if (a - in_old->start <= in_old->size && a - in_old->start == b - in_new->start)
		return true;
	x = symbol_at(old, a);
	y = symbol_at(new, b);
	if (!x || !y)
		return a == b;
	if (!strcmp(x->name, y->name) && a - x->address == b - y->address)
		return true;
	return !is_text(x) && !is_text(y) && same_constant(old, a, new, b);
}

/* The address that the instruction has in a field; false: none. */
static bool field_address(const struct code *code, uint64_t at, const struct instruction *insn,
			  bool memory, uint64_t *ret)
{
	uint64_t end = code->start + at + insn->length;

	if (insn->is_relative && !memory)
		*ret = end + (uint64_t)insn->displacement;
	else if (insn->is_rip && memory)
		*ret = end + (uint64_t)insn->memory;
	else if (memory && insn->memory_size == 4 && insn->has_memory)
		*ret = (uint64_t)insn->memory;
	else if (!memory && insn->immediate_size >= 4)
		*ret = (uint64_t)insn->immediate;
	else
		return false;
	return insn->is_relative || insn->is_rip || *ret >= 0xffffffff80000000 || *ret < PER_CPU_END;
}

static bool bytes_same(const uint8_t *a, const uint8_t *b, const struct instruction *insn)
{
	for (uint8_t i = 0; i < insn->length; i++) {
		if (a[i] == b[i])
			continue;
		if (insn->is_relative && i >= insn->displacement_at &&
		    i < insn->displacement_at + insn->displacement_size)
			continue;
		if (i >= insn->memory_at && i < insn->memory_at + insn->memory_size)
			continue;
		if (i >= insn->immediate_at && i < insn->immediate_at + insn->immediate_size)
			continue;
		return false;
	}
	return true;
}

static bool same_instruction(const struct side *old, const struct code *a, const struct side *new,
			     const struct code *b, uint64_t at, const struct instruction *x,
			     const struct instruction *y)
{
	if (x->length != y->length || !bytes_same(a->bytes + at, b->bytes + at, x))
		return false;
	if (!memcmp(a->bytes + at, b->bytes + at, x->length) && !x->is_relative && !x->is_rip)
		return true;
	for (int memory = 0; memory < 2; memory++) {
		uint64_t left = 0, right = 0;
		bool equal = memory ? x->memory == y->memory :
				      x->immediate == y->immediate && x->displacement == y->displacement;

		/* a number that is no address can look like one of a per-CPU variable */
		if (equal && !x->is_rip && !x->is_relative)
			continue;
		if (!field_address(a, at, x, memory, &left) || !field_address(b, at, y, memory, &right) ?
			    !equal :
			    !same_place(old, a, left, new, b, right))
			return false;
	}
	return true;
}

static bool is_padding(const struct code *code, uint64_t at)
{
	struct instruction insn;

	for (; at < code->size; at += insn.length)
		if (!code_decode(code->bytes + at, code->size - at, &insn) || !insn.is_padding)
			return false;
	return true;
}

/* The offset of the first instruction that differs; false: none does. */
static bool differ(const struct side *old, const struct code *a, const struct side *new,
		   const struct code *b, uint64_t *at_ret)
{
	struct instruction x, y;
	uint64_t at = 0;

	while (at < a->size && at < b->size) {
		*at_ret = at;
		if (!code_decode(a->bytes + at, a->size - at, &x) ||
		    !code_decode(b->bytes + at, b->size - at, &y))
			break;
		if (!same_instruction(old, a, new, b, at, &x, &y))
			break;
		at += x.length;
	}
	*at_ret = at;
	return !is_padding(a, at) || !is_padding(b, at);
}

static struct error *add(json_t *list, const char *what, const char *name, const char *fmt, ...)
	printf_like(4, 5);

static struct error *add(json_t *list, const char *what, const char *name, const char *fmt, ...)
{
	struct arena arena = { 0 };
	va_list args;
	json_t *item;
	char *why;

	va_start(args, fmt);
	why = arena_vprintf(&arena, fmt, args);
	va_end(args);
	item = why ? json_pack("{s:s, s:s, s:s, s:i, s:s}", "what", what, "kind", "function", "name",
			       name, "line", 0, "why", why) :
		     NULL;
	arena_destroy(&arena);
	return item && !json_array_append_new(list, item) ? NULL : error_nomem();
}

/* The n-th of the name among the functions of the other image; NULL: it has fewer. */
static const struct symtab_entry *twin_of(const struct side *side, uint32_t index,
					  const struct side *other)
{
	const uint32_t *mine, *theirs;
	const char *name = symtab_at(side->symbols, index)->name;
	size_t count = symtab_find(side->symbols, name, &mine), n = 0;

	while (n < count && mine[n] != index)
		n++;
	return n < symtab_find(other->symbols, name, &theirs) ?
		       symtab_at(other->symbols, theirs[n]) :
		       NULL;
}

static struct error *compare(const struct side *old, const struct side *new, json_t *list)
{
	struct error *err = NULL;

	for (uint32_t i = 0; !err && i < symtab_count(new->symbols); i++) {
		const struct symtab_entry *entry = symtab_at(new->symbols, i), *twin;
		struct code a, b;
		uint64_t at;

		if (!is_text(entry) || symtab_in_init(new->symbols, i))
			continue;
		twin = twin_of(new, i, old);
		if (!twin)
			err = add(list, "new", entry->name, "the old image does not have it");
		else if (code_of(old, twin, &a) && code_of(new, entry, &b) &&
			 differ(old, &a, new, &b, &at))
			err = add(list, "changed", entry->name, "its code differs from +0x%llx on",
				  (unsigned long long)at);
	}
	for (uint32_t i = 0; !err && i < symtab_count(old->symbols); i++) {
		const struct symtab_entry *entry = symtab_at(old->symbols, i);

		if (is_text(entry) && !symtab_in_init(old->symbols, i) && !twin_of(old, i, new))
			err = add(list, "gone", entry->name, "the new image does not have it");
	}
	return err;
}

bool is_image(const char *path)
{
	struct image *image = NULL;
	struct error *err = image_open(path, &image);
	bool found = !err && !image_is_module(image);

	error_destroy(err);
	image_destroy(image);
	return found;
}

struct error *images_compare(const char *old_path, const char *new_path, json_t **ret)
{
	struct side old = { 0 }, new = { 0 };
	json_t *list = json_array(), *array = json_array();
	struct error *err = list && array ? side_open(&old, old_path) : error_nomem();

	if (!err)
		err = side_open(&new, new_path);
	if (!err)
		err = compare(&old, &new, list);
	if (!err && json_array_size(list) &&
	    json_array_append_new(array, json_pack("{s:s, s:O, s:[]}", "object", new_path, "changes",
						   list, "edges")))
		err = error_nomem();
	json_decref(list);
	if (err)
		json_decref(array);
	else
		*ret = array;
	side_close(&old);
	side_close(&new);
	return err;
}
