// SPDX-License-Identifier: GPL-2.0-or-later
/* What is proven, in order: the originals run; the module is the patched code. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../differ/arena.h"
#include "proof-state.h"

static struct error *open_parent(struct proof_side *side)
{
	const void *data;
	size_t size;

	if (!side->unit->parent)
		return NULL;
	data = image_elf(side->unit->parent, &size);
	return proof_object_from(side->unit->parent_path, data, size, &side->parent);
}

static struct error *open_side(struct proof *proof, struct proof_side *side)
{
	struct error *err = open_parent(side);

	if (!err)
		err = proof_object_read(side->unit->original, &side->original);
	if (!err)
		err = proof_object_read(side->unit->patched, &side->patched);
	if (!err)
		err = proof_entries_create(side->original, &side->original_entries);
	if (!err)
		err = proof_entries_create(side->patched, &side->patched_entries);
	if (side->parent) {
		side->running.object = side->parent;
	} else {
		side->running.image = proof->kernel.vmlinux;
		side->running.symbols = proof->kernel.symbols;
	}
	return err;
}

struct error *proof_create(const struct proof_kernel *kernel, const struct proof_unit *units,
			   size_t count, struct proof **ret)
{
	struct proof *proof = calloc(1, sizeof(*proof));
	struct error *err = NULL;

	if (!proof)
		return error_nomem();
	proof->kernel = *kernel;
	proof->sides = calloc(count + 1, sizeof(*proof->sides));
	if (!proof->sides)
		err = error_nomem();
	for (size_t i = 0; !err && i < count; i++) {
		proof->sides[i].unit = &units[i];
		proof->count++;
		err = open_side(proof, &proof->sides[i]);
	}
	if (err)
		proof_destroy(proof);
	else
		*ret = proof;
	return err;
}

static void forget_module(struct proof *proof)
{
	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];

		free(side->carried);
		free(side->carried_sections);
		free(side->replaces);
		free(side->checks);
		free(side->words);
		free(side->effective);
		side->carried = side->carried_sections = NULL;
		side->replaces = side->checks = NULL;
		side->words = NULL;
		side->effective = NULL;
	}
	proof_entries_destroy(proof->ko_entries);
	proof_object_destroy(proof->ko);
	proof->ko_entries = NULL;
	proof->ko = NULL;
	proof->work.count = 0;
}

void proof_destroy(struct proof *proof)
{
	if (!proof)
		return;
	forget_module(proof);
	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];

		proof_match_destroy(side->before);
		proof_match_destroy(side->twin);
		free(side->original_of);
		free(side->changed);
		proof_entries_destroy(side->original_entries);
		proof_entries_destroy(side->patched_entries);
		line_source_destroy(side->original_lines);
		line_source_destroy(side->patched_lines);
		proof_object_destroy(side->original);
		proof_object_destroy(side->patched);
		proof_object_destroy(side->parent);
	}
	free(proof->sides);
	free(proof->work.items);
	free(proof->complaints.items);
	text_destroy(&proof->text);
	free(proof);
}

void proof_complain(struct proof *proof, const struct proof_side *side, const char *symbol,
		    const char *fmt, ...)
{
	struct proof_complaint *complaint = array_add(&proof->complaints);
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	if (!complaint || !text) {
		proof->text.failed = true;
		free(text);
		return;
	}
	complaint->source = side ? side->unit->source : NULL;
	complaint->symbol = symbol ? text_copy(&proof->text, symbol) : NULL;
	complaint->text = text_copy(&proof->text, text);
	free(text);
}

static void count_original(struct proof *proof, const struct proof_side *side)
{
	for (uint32_t i = 1; i < side->original->symbol_count; i++) {
		bool function = side->original->symbols[i].type == STT_FUNC;

		switch (side->before->states[i]) {
		case PROOF_MATCHED:
			proof->summary.functions += function;
			proof->summary.data += !function;
			break;
		case PROOF_IMPLIED:
			proof->summary.implied += proof_symbol_defined(side->original, i);
			break;
		case PROOF_AMBIGUOUS:
			proof->summary.ambiguous++;
			break;
		case PROOF_ABSENT:
			proof->summary.absent++;
			break;
		case PROOF_OVERRIDDEN:
			proof->summary.overridden++;
			break;
		default:
			break;
		}
	}
}

struct error *proof_originals(struct proof *proof)
{
	struct error *err = NULL;

	proof->complaints.count = 0;
	for (size_t i = 0; !err && i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];

		err = proof_match(side->original, &side->running, false, &side->before);
		if (!err)
			err = proof_twins(proof, side);
		if (!err)
			count_original(proof, side);
	}
	for (size_t i = 0; !err && i < proof->count; i++)
		proof_explain(proof, &proof->sides[i]);
	return err ?: text_failed(&proof->text);
}

static struct error *open_module(struct proof *proof, const char *path)
{
	struct error *err = proof_object_read(path, &proof->ko);

	if (!err)
		err = proof_entries_create(proof->ko, &proof->ko_entries);
	for (size_t i = 0; !err && i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];
		size_t symbols = side->patched->symbol_count + 1u;

		side->carried = calloc(symbols, sizeof(*side->carried));
		side->carried_sections = calloc(side->patched->section_count + 1u,
						sizeof(*side->carried_sections));
		side->replaces = calloc(symbols, sizeof(*side->replaces));
		side->checks = calloc(symbols, sizeof(*side->checks));
		side->effective = calloc(symbols, sizeof(*side->effective));
		side->words = calloc((side->original ? side->original->symbol_count : 0) + 1u, sizeof(*side->words));
		if (!side->carried || !side->carried_sections || !side->replaces ||
		    !side->checks || !side->effective || !side->words)
			err = error_nomem();
	}
	return err;
}

struct error *proof_module(struct proof *proof, const char *path)
{
	struct error *err;

	forget_module(proof);
	proof->complaints.count = 0;
	err = open_module(proof, path);
	if (!err)
		err = proof_table(proof);
	if (!err)
		proof_data(proof);
	if (!err)
		err = proof_carried(proof);
	if (!err) {
		proof_nothing_left_out(proof);
		proof_checked(proof);
		err = proof_readers(proof);
	}
	if (!err)
		err = proof_modinfo(proof);
	return err ?: text_failed(&proof->text);
}

bool proof_found(const struct proof *proof, size_t unit, uint32_t symbol, uint32_t *section_ret,
		 uint64_t *address_ret)
{
	const struct proof_place *place = &proof->sides[unit].before->places[symbol];

	if (place->space != PLACE_LINKED && place->space != PLACE_SECTION)
		return false;
	*section_ret = place->space == PLACE_LINKED ? 0 : place->index;
	*address_ret = place->value;
	return true;
}

const struct proof_complaint *proof_complaints(const struct proof *proof, size_t *count_ret)
{
	*count_ret = proof->complaints.count;
	return proof->complaints.items;
}

const struct proof_summary *proof_summary(const struct proof *proof)
{
	return &proof->summary;
}
