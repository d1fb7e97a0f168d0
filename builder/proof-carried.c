// SPDX-License-Identifier: GPL-2.0-or-later
/* Everything that the module carries is what the patched object has: code, entries, data. */
#include <klpkit/format.h>
#include <string.h>

#include "proof-state.h"

/* A test of a key has thirteen bytes in the place of two. */
#define LONGER 7

struct carried {
	struct proof *proof;
	struct proof_side *side;
	const char *name;
};

/* ---- entries of special sections */

/* A tracepoint or a debug message of a module is not fired by a patch: its key is never on. */
static bool key_is_never(const struct carried *carried, const struct proof_place *patched,
			 const struct proof_place *ko)
{
	struct proof_body body = { .object = carried->proof->ko };
	const struct proof_object *object = carried->side->patched;
	const char *key;
	int64_t offset;
	uint32_t symbol = proof_symbol_at(object, patched, &offset);

	if (!symbol || ko->space != PLACE_SECTION ||
	    strcmp(proof_body_name(&body, ko), KLPKIT_NEVER))
		return false;
	key = object->symbols[symbol].name;
	if (patched->space == PLACE_SECTION &&
	    !strcmp(object->sections[patched->index].name, "__dyndbg"))
		return true;
	return !strncmp(key, "__tracepoint_", strlen("__tracepoint_")) &&
	       proof_running_of_patched(carried->proof, carried->side, symbol).kind !=
		       RUNNING_KERNEL;
}

static void check_entry_ref(void *data, const struct proof_entry *entry, unsigned int field,
			    const struct proof_place *patched, const struct proof_place *ko)
{
	const struct carried *carried = data;

	if (entry->special == PROOF_JUMP_LABELS && field == 8 && key_is_never(carried, patched, ko))
		return;
	proof_check_ref(carried->proof, carried->side, carried->name, entry->code, PROOF_JUMPS,
			patched, NULL, ko);
}

static size_t count_of(const struct proof_entry *entries, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		kept += !proof_special_is_made(entries[i].special);
	return kept;
}

/* A jump label of a module's key has no entry: who is here, and is no test, would never jump. */
static bool is_tested(struct carried *carried, const struct proof_code *a, const struct proof_entry *entry,
		      const struct proof_comparison *comparison)
{
	if (entry->special != PROOF_JUMP_LABELS ||
	    !proof_is_tested(carried->proof, carried->side, a->section, entry->code))
		return false;
	for (size_t i = 0; i < comparison->tests.count; i++)
		if (comparison->tests.items[i] == entry->code - a->start)
			return true;
	return false;
}

static void check_entries(struct carried *carried, const struct proof_code *a,
			  const struct proof_code *b, const struct proof_comparison *comparison)
{
	struct proof *proof = carried->proof;
	size_t a_count, b_count, n = 0, tested = 0;
	const struct proof_entry *as = proof_entries_of(carried->side->patched_entries, a->section,
							a->start, a->size, &a_count);
	const struct proof_entry *bs =
		proof_entries_of(proof->ko_entries, b->section, b->start, b->size, &b_count);
	struct proof_code code = *a;

	/* then a place in the code is looked up as one in any other's */
	if (comparison->tests.count)
		code.size = 0;
	for (size_t i = 0; i < a_count; i++) {
		uint64_t at = as[i].code - a->start;
		const char *what;

		if (proof_special_is_made(as[i].special))
			continue;
		if (is_tested(carried, a, &as[i], comparison)) {
			tested++;
			continue;
		}
		while (n < b_count && proof_special_is_made(bs[n].special))
			n++;
		if (n == b_count || bs[n].special != as[i].special ||
		    bs[n].code - b->start !=
			    (comparison->tests.count ? proof_moved(proof, carried->side, a, at) : at)) {
			proof_complain(proof, carried->side, carried->name,
				       "the entry of %s for +0x%llx is missing",
				       proof_special_name(as[i].special), (unsigned long long)at);
			return;
		}
		proof->summary.entries++;
		what = proof_entry_compare(carried->side->patched_entries, &as[i], &code,
					   proof->ko_entries, &bs[n], b, false, check_entry_ref,
					   carried);
		if (what)
			proof_complain(proof, carried->side, carried->name,
				       "the entry of %s for +0x%llx is another one: %s",
				       proof_special_name(as[i].special), (unsigned long long)at, what);
		n++;
	}
	if (tested != comparison->tests.count)
		proof_complain(proof, carried->side, carried->name,
			       "it tests a key that its jump label would follow");
	if (count_of(as, a_count) - tested != count_of(bs, b_count))
		proof_complain(proof, carried->side, carried->name,
			       "the module has entries of special sections for it that the patched "
			       "object has not");
}

/* ---- what objtool makes, which the code itself tells */

/*
 * Call depth tracking (6.2 and later) patches the calls that .call_sites lists: each direct one.
 */
static bool call_depth_is_tracked(const struct proof *proof)
{
	const uint32_t *indices;

	return symtab_find(proof->kernel.symbols, "callthunks_patch_module_calls", &indices) > 0;
}

static void check_call_site(struct carried *carried, const struct proof_code *code, uint64_t at)
{
	struct proof *proof = carried->proof;

	if (code->bytes[at] != 0xe8 || !call_depth_is_tracked(proof))
		return;
	if (proof_entry_at(proof->ko_entries, code->section, code->start + at, PROOF_CALL_SITES))
		proof->summary.entries++;
	else
		proof_complain(proof, carried->side, carried->name,
			       "the entry of %s for +0x%llx is missing",
			       proof_special_name(PROOF_CALL_SITES), (unsigned long long)at);
}

static void check_made(struct carried *carried, const struct proof_code *code,
		       const struct proof_ref *ref, uint64_t ref_at)
{
	static const struct {
		const char *callee;
		enum proof_special special;
	} made[] = {
		{ "__x86_return_thunk", PROOF_RETURNS },
		{ "__x86_indirect_thunk_", PROOF_RETPOLINES },
		{ "__SCT__", PROOF_STATIC_CALLS },
		{ "__fentry__", PROOF_MCOUNT },
	};
	struct proof *proof = carried->proof;
	const struct proof_object *patched = carried->side->patched;
	int64_t offset;
	uint32_t symbol = ref->a.space == PLACE_UNDEFINED ? ref->a.index :
							    proof_symbol_at(patched, &ref->a,
									    &offset);
	const char *name = symbol ? patched->symbols[symbol].name : "";
	bool is_made = false;

	for (size_t i = 0; ref->flow != PROOF_REFERS && i < sizeof(made) / sizeof(*made); i++) {
		const struct proof_entry *entry;

		if (strncmp(name, made[i].callee, strlen(made[i].callee)))
			continue;
		entry = proof_entry_at(proof->ko_entries, code->section, code->start + ref_at,
				       made[i].special);
		/*
		 * The key of a module's call cannot be carried; its trampoline goes where it should
		 * without any entry.
		 */
		if (made[i].special == PROOF_STATIC_CALLS && !entry &&
		    proof_running_of_patched(proof, carried->side, symbol).kind != RUNNING_KERNEL)
			continue;
		is_made = true;
		if (!entry) {
			proof_complain(proof, carried->side, carried->name,
				       "the entry of %s for +0x%llx is missing",
				       proof_special_name(made[i].special),
				       (unsigned long long)ref_at);
			continue;
		}
		proof->summary.entries++;
		if (made[i].special == PROOF_STATIC_CALLS)
			proof_static_call(proof, carried->side, carried->name, entry,
					  name + strlen("__SCT__"));
	}
	if (!is_made && ref->flow == PROOF_CALLS)
		check_call_site(carried, code, ref_at);
}

/* ---- code */

/*
 * A cold piece has to be in its function's section: a stack check looks for who is inside of that,
 * and for nothing else.
 */
static void check_piece(struct carried *carried, const struct proof_place *place)
{
	const struct proof_object *patched = carried->side->patched;
	const char *end = strstr(carried->name, ".cold");
	size_t length = end ? (size_t)(end - carried->name) : 0;

	for (uint32_t i = 1; length && i < patched->symbol_count; i++) {
		const struct proof_place *owner = &carried->side->carried[i];

		if (owner->space == PLACE_SECTION && owner->index != place->index &&
		    patched->symbols[i].type == STT_FUNC &&
		    !strncmp(patched->symbols[i].name, carried->name, length) &&
		    !patched->symbols[i].name[length])
			proof_complain(carried->proof, carried->side, carried->name,
				       "it is not beside its function");
	}
}

static struct error *check_code(struct carried *carried, uint32_t symbol)
{
	struct proof *proof = carried->proof;
	const struct proof_object *patched = carried->side->patched;
	const struct proof_place *place = &carried->side->carried[symbol];
	const struct proof_body ko = { .object = proof->ko };
	struct proof_comparison comparison = { 0 };
	struct proof_code a, b;
	struct error *err;

	if (!proof_code_of(patched, symbol, &a)) {
		proof_complain(proof, carried->side, carried->name, "it has no code");
		return NULL;
	}
	if (!proof_body_code(&ko, place, a.size * LONGER + 16, &b)) {
		proof_complain(proof, carried->side, carried->name,
			       "there is no code in its place");
		return NULL;
	}
	check_piece(carried, place);
	err = proof_compare(&a, &b, &comparison);
	if (!err && (!comparison.same || comparison.immediates.count)) {
		const struct proof_immediate *immediate = comparison.immediates.items;

		proof_complain(proof, carried->side, carried->name,
			       "its code is not the patched object's: %s at +0x%llx",
			       comparison.same ? "a number" : comparison.what,
			       (unsigned long long)(comparison.same ? immediate->at :
								      comparison.a_at));
	} else if (!err) {
		b.size = comparison.b_size;
		for (size_t i = 0; i < comparison.refs.count; i++) {
			const struct proof_ref *ref = &comparison.refs.items[i];

			proof_check_ref(proof, carried->side, carried->name, ref->at, ref->flow,
					&ref->a, ref->name, &ref->b);
			check_made(carried, &b, ref, ref->b_at);
		}
		for (size_t i = 0; i < comparison.inner_calls.count; i++)
			check_call_site(carried, &b, comparison.inner_calls.items[i]);
		check_entries(carried, &a, &b, &comparison);
		err = proof_frames(proof, carried->side, &b, carried->name);
	}
	proof_comparison_destroy(&comparison);
	return err;
}

/* ---- data */

static void check_data(struct carried *carried, uint32_t section, uint64_t start, uint64_t size,
		       const struct proof_place *place)
{
	struct proof *proof = carried->proof;
	const struct proof_section *as = &carried->side->patched->sections[section];
	const struct proof_section *bs = &proof->ko->sections[place->index];
	uint32_t next = proof_first_reloc(as, start);

	if (place->value > bs->size || size > bs->size - place->value || (!as->data != !bs->data)) {
		proof_complain(proof, carried->side, carried->name, "it is not there");
		return;
	}
	for (uint64_t at = 0; as->data && at < size; at++) {
		const struct proof_reloc *a = &as->relocs[next], *b;
		uint32_t there = proof_first_reloc(bs, place->value + at);
		struct proof_place pa, pb;

		b = there < bs->reloc_count && bs->relocs[there].offset == place->value + at ?
			    &bs->relocs[there] :
			    NULL;
		if (next == as->reloc_count || a->offset != start + at) {
			if (!b && as->data[start + at] == bs->data[place->value + at])
				continue;
		} else if (b && a->type == b->type) {
			pa = proof_reloc_place(carried->side->patched, a, 0);
			pb = proof_reloc_place(proof->ko, b, 0);
			proof_check_ref(proof, carried->side, carried->name, at, PROOF_REFERS, &pa,
					NULL, &pb);
			at += proof_reloc_width(a->type) - 1;
			next++;
			continue;
		}
		proof_complain(proof, carried->side, carried->name,
			       "its contents are not the patched object's at +0x%llx",
			       (unsigned long long)at);
		return;
	}
}

/* A table of a switch: the section is one function's, and holds nothing that has a name. */
static void check_section(struct carried *carried, uint32_t section)
{
	carried->name = carried->side->patched->sections[section].name;
	check_data(carried, section, 0, carried->side->patched->sections[section].size,
		   &carried->side->carried_sections[section]);
}

static struct error *check_one(struct proof *proof, const struct proof_work *work)
{
	struct carried carried = { .proof = proof, .side = work->side };
	const struct proof_symbol *symbol;

	proof->summary.carried++;
	if (!work->symbol) {
		check_section(&carried, work->section);
		return NULL;
	}
	symbol = &work->side->patched->symbols[work->symbol];
	carried.name = symbol->name;
	if (symbol->type == STT_FUNC)
		return check_code(&carried, work->symbol);
	check_data(&carried, symbol->section, symbol->value, symbol->size,
		   &work->side->carried[work->symbol]);
	return NULL;
}

/* The list grows while it is worked off. */
static struct error *work_off(struct proof *proof, size_t *next)
{
	struct error *err = NULL;

	for (; !err && *next < proof->work.count; (*next)++) {
		struct proof_work work = proof->work.items[*next];

		err = check_one(proof, &work);
	}
	return err;
}

/* A new global function that nothing of the patch uses. */
static void carry_unused(struct proof *proof)
{
	for (uint32_t i = 1; i < proof->ko->symbol_count; i++) {
		const struct proof_symbol *symbol = &proof->ko->symbols[i];
		struct proof_place place = proof_symbol_place(proof->ko, i);

		if (symbol->type != STT_FUNC || symbol->bind == STB_LOCAL ||
		    place.space != PLACE_SECTION)
			continue;
		for (size_t n = 0; n < proof->count; n++) {
			struct proof_side *side = &proof->sides[n];
			const uint32_t *indices;
			size_t count = name_index_find(&side->patched->names, symbol->name,
						       &indices);

			for (size_t k = 0; k < count; k++)
				if (side->patched->symbols[indices[k]].type == STT_FUNC &&
				    !side->original_of[indices[k]])
					proof_carry(proof, side, indices[k], &place);
		}
	}
}

struct error *proof_carried(struct proof *proof)
{
	size_t next = 0;
	struct error *err = work_off(proof, &next);

	if (err)
		return err;
	carry_unused(proof);
	return work_off(proof, &next);
}
