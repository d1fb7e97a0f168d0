// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One reference of a patched object, and what the module has in its place.
 *
 * A string has to have the same text, a constant the same value. What is the patch's own has to be
 * carried, and is compared in turn. What was there before has to be where the original's is: for a
 * variable always, since the running kernel's one is the one that counts.
 */
#include <klpkit/format.h>
#include <string.h>

#include "proof-names.h"
#include "proof-state.h"

struct reference {
	struct proof *proof;
	struct proof_side *side;
	const char *where;
	uint64_t at;
	enum proof_flow flow;
	const struct proof_place *patched, *ko;
	uint32_t symbol; /* what patched is in; or 0 */
	int64_t offset;	 /* from it */
};

static void complain(const struct reference *ref, const char *what)
{
	const struct proof_object *patched = ref->side->patched;
	struct proof_body ko = { .object = ref->proof->ko };
	const char *expected = ref->symbol ? patched->symbols[ref->symbol].name :
			       ref->patched->space == PLACE_SECTION ?
					     patched->sections[ref->patched->index].name :
					     "?";

	proof_complain(ref->proof, ref->side, ref->where,
		       "at +0x%llx it should refer to %s%+lld: %s (the module has %s)",
		       (unsigned long long)ref->at, expected, (long long)ref->offset, what,
		       proof_body_name(&ko, ref->ko));
}

static const uint8_t *bytes_at(const struct proof_object *object, const struct proof_place *place,
			       size_t *room_ret)
{
	const struct proof_section *section;

	*room_ret = 0;
	if (place->space != PLACE_SECTION)
		return NULL;
	section = &object->sections[place->index];
	if (!section->data || place->value >= section->size)
		return NULL;
	*room_ret = section->size - place->value;
	return section->data + place->value;
}

static void check_string(const struct reference *ref)
{
	size_t room, there;
	const uint8_t *a = bytes_at(ref->side->patched, ref->patched, &room);
	const uint8_t *b = bytes_at(ref->proof->ko, ref->ko, &there);

	if (!a || !b || strnlen((const char *)a, room) >= there ||
	    strncmp((const char *)a, (const char *)b, room))
		complain(ref, "another string");
}

static void check_constant(const struct reference *ref)
{
	size_t room, there;
	const uint8_t *a = bytes_at(ref->side->patched, ref->patched, &room);
	const uint8_t *b = bytes_at(ref->proof->ko, ref->ko, &there);
	size_t size = ref->side->patched->ko->sections[ref->patched->index].header.sh_entsize;

	size -= size ? ref->patched->value % size : 0;
	if (!a || !b || size > room || size > there || memcmp(a, b, size))
		complain(ref, "another constant");
}

/*
 * Code without a name, out of line in .altinstr_aux (static_cpu_has(), arch/x86/include/asm/
 * cpufeature.h): it ends with a jump back.
 */
static void check_piece(const struct reference *ref)
{
	const struct proof_object *patched = ref->side->patched;
	const struct proof_section *section = &patched->sections[ref->patched->index];
	const struct proof_body ko = { .object = ref->proof->ko };
	struct proof_comparison comparison = { 0 };
	struct proof_code a = {
		.object = patched,
		.section = ref->patched->index,
		.bytes = section->data + ref->patched->value,
		.start = ref->patched->value,
		.size = section->size - ref->patched->value,
	}, b;
	struct error *err;

	a.size = proof_code_to_jump(&a);
	if (!a.size || !proof_body_code(&ko, ref->ko, a.size + 16, &b)) {
		complain(ref, "there is no code");
		return;
	}
	err = proof_compare(&a, &b, &comparison);
	if (err || !comparison.same || comparison.immediates.count)
		complain(ref, "other code");
	for (size_t i = 0; !err && i < comparison.refs.count; i++)
		proof_check_ref(ref->proof, ref->side, ref->where, ref->at,
				comparison.refs.items[i].flow, &comparison.refs.items[i].a, NULL,
				&comparison.refs.items[i].b);
	error_destroy(err);
	proof_comparison_destroy(&comparison);
}

static bool add_work(struct proof *proof, struct proof_side *side, uint32_t symbol,
		     uint32_t section)
{
	struct proof_work *work = array_add(&proof->work);

	if (!work) {
		proof->text.failed = true;
		return false;
	}
	*work = (struct proof_work){ side, symbol, section };
	return true;
}

void proof_carry(struct proof *proof, struct proof_side *side, uint32_t symbol,
		 const struct proof_place *ko)
{
	struct proof_place *known = &side->carried[symbol];

	if (known->space == PLACE_UNKNOWN) {
		*known = *ko;
		add_work(proof, side, symbol, 0);
	} else if (!proof_place_equal(known, ko)) {
		proof_complain(proof, side, side->patched->symbols[symbol].name,
			       "the module has two of it");
	}
}

static void carry_section(const struct reference *ref, const struct proof_place *base)
{
	struct proof_place *known = &ref->side->carried_sections[ref->patched->index];

	if (known->space == PLACE_UNKNOWN) {
		*known = *base;
		add_work(ref->proof, ref->side, 0, ref->patched->index);
	} else if (!proof_place_equal(known, base)) {
		complain(ref, "another table");
	}
}

/* The side, and the symbol there, that has a global definition of the name. */
static struct proof_side *defines(struct proof *proof, const char *name, uint32_t *symbol_ret)
{
	for (size_t i = 0; i < proof->count; i++) {
		const struct proof_object *patched = proof->sides[i].patched;
		const uint32_t *indices;
		size_t count = name_index_find(&patched->names, name, &indices);

		for (size_t n = 0; n < count; n++) {
			*symbol_ret = indices[n];
			if (proof_symbol_defined(patched, indices[n]) &&
			    patched->symbols[indices[n]].bind != STB_LOCAL)
				return &proof->sides[i];
		}
	}
	return NULL;
}

static bool is_variable(const struct proof_side *side, uint32_t symbol)
{
	const struct proof_symbol *s = &side->patched->symbols[symbol];
	const struct proof_section *section = &side->patched->sections[s->section];

	return s->type == STT_OBJECT && !proof_name_is_fresh(s->name) && s->size &&
	       strncmp(section->name, ".data.once", 10) && strncmp(section->name, ".data..once", 11);
}

/* A copy of what is there already is right for code, and wrong for a variable. */
static void check_carried(const struct reference *ref, const struct proof_place *base)
{
	struct proof_side *side = ref->side;

	if (is_variable(side, ref->symbol) && side->original_of[ref->symbol] &&
	    side->before->places[side->original_of[ref->symbol]].space != PLACE_UNKNOWN)
		complain(ref, "a copy is not the variable that the running kernel has");
	if (ref->flow == PROOF_REFERS && side->patched->symbols[ref->symbol].type == STT_FUNC &&
	    proof_entry_at(ref->proof->ko_entries, base->index, base->value, PROOF_SEALS))
		complain(ref, "its address is taken, and its landing pad is sealed");
	proof_carry(ref->proof, side, ref->symbol, base);
}

/* What authors may call of the glue's; nothing of the kernel's has such a name. */
static bool is_glue(const struct reference *ref, const struct proof_place *base)
{
	const char *name = ref->side->patched->symbols[ref->symbol].name;
	struct proof_body body = { .object = ref->proof->ko };

	return !strcmp(name, KLPKIT_STATE_BEFORE) && base->space == PLACE_SECTION &&
	       !strcmp(proof_body_name(&body, base), name);
}

/* How far what is referred to is from the start of what it is in, in the module. */
static uint64_t offset_there(const struct reference *ref)
{
	struct proof_code code;

	if (!ref->symbol || ref->offset <= 0 || ref->side->patched->symbols[ref->symbol].type != STT_FUNC ||
	    !proof_code_of(ref->side->patched, ref->symbol, &code))
		return (uint64_t)ref->offset;
	return proof_moved(ref->proof, ref->side, &code, (uint64_t)ref->offset);
}

static void check_inside(const struct reference *ref)
{
	struct proof_place base = *ref->ko;
	struct proof_side *side;
	uint32_t symbol;

	base.value -= offset_there(ref);
	if (!ref->symbol) {
		carry_section(ref, &base);
		return;
	}
	if (proof_symbol_defined(ref->side->patched, ref->symbol)) {
		check_carried(ref, &base);
		return;
	}
	side = defines(ref->proof, ref->side->patched->symbols[ref->symbol].name, &symbol);
	if (side)
		proof_carry(ref->proof, side, symbol, &base);
	else if (!is_glue(ref, &base))
		complain(ref, "it is not the patch's");
}

/*
 * Several constants of one name, as each NL_SET_ERR_MSG() has an __msg: which of them is taken does
 * not matter when it has the same bytes.
 */
static bool is_equal_constant(const struct reference *ref, const struct proof_running *is)
{
	const struct proof_object *patched = ref->side->patched;
	const struct proof_symbol *symbol = &patched->symbols[ref->symbol];
	const struct proof_section *section;
	struct proof_place place;
	const uint8_t *there;
	uint32_t reloc;

	if (!proof_symbol_defined(patched, ref->symbol) || symbol->type != STT_OBJECT)
		return false;
	section = &patched->sections[symbol->section];
	reloc = proof_first_reloc(section, symbol->value);
	if (section->flags & SHF_WRITE || !section->data || !symbol->size ||
	    symbol->value + symbol->size > section->size ||
	    (reloc < section->reloc_count &&
	     section->relocs[reloc].offset < symbol->value + symbol->size))
		return false;
	place = (struct proof_place){ is->kind == RUNNING_KERNEL ? PLACE_LINKED : PLACE_SECTION,
				      is->section, is->value };
	there = is->kind == RUNNING_KERNEL || is->kind == RUNNING_MODULE ?
			proof_body_bytes(&ref->side->running, &place, symbol->size) :
			NULL;
	return there && !memcmp(there, section->data + symbol->value, symbol->size);
}

static void check_outside(const struct reference *ref)
{
	const struct proof *proof = ref->proof;
	struct proof_running is = proof_running_of_ko(proof, ref->side, ref->ko->index), should;

	if (!ref->symbol) {
		complain(ref, "it has no name, and should be carried");
		return;
	}
	should = proof_running_of_patched(proof, ref->side, ref->symbol);
	if (should.kind == RUNNING_NOWHERE && is_equal_constant(ref, &is))
		return;
	if (should.kind == RUNNING_NOWHERE) {
		complain(ref, "nothing of the running system is known to be it");
		return;
	}
	if (is.kind == RUNNING_NOWHERE) {
		complain(ref, "its name means nothing in the running system");
		return;
	}
	should.value += (uint64_t)ref->offset;
	is.value += ref->ko->value;
	if (!proof_running_equal(&is, &should))
		complain(ref, "another place of the running system");
	if (proof_running_init(proof, ref->side, &is))
		complain(ref, "it is in memory that is freed after boot");
	if (ref->flow == PROOF_REFERS && proof_running_sealed(proof, ref->side, &is))
		complain(ref, "the address of a function whose landing pad the kernel has sealed");
}

static void check_module_place(const struct reference *ref)
{
	switch (ref->ko->space) {
	case PLACE_SECTION:
		check_inside(ref);
		break;
	case PLACE_UNDEFINED:
		check_outside(ref);
		break;
	default:
		complain(ref, "nothing");
	}
}

void proof_check_ref(struct proof *proof, struct proof_side *side, const char *where, uint64_t at,
		     enum proof_flow flow, const struct proof_place *patched,
		     const char *patched_name, const struct proof_place *ko)
{
	struct reference ref = {
		.proof = proof, .side = side, .where = where, .at = at, .flow = flow,
		.patched = patched, .ko = ko,
	};
	const struct proof_section *section;

	proof->summary.references++;
	if (patched->space == PLACE_UNKNOWN) {
		struct proof_running is = proof_running_of_ko(proof, side, ko->index);
		struct proof_running should = proof_running_find(proof, side, "vmlinux",
								 patched_name, 0);

		if (ko->space != PLACE_UNDEFINED || !proof_running_equal(&is, &should))
			proof_complain(proof, side, where, "at +0x%llx it should refer to %s",
				       (unsigned long long)at, patched_name);
		return;
	}
	if (patched->space == PLACE_SECTION) {
		section = &side->patched->sections[patched->index];
		if (section->flags & SHF_MERGE) {
			ref.offset = (int64_t)patched->value;
			if (section->flags & SHF_STRINGS)
				check_string(&ref);
			else
				check_constant(&ref);
			return;
		}
	}
	ref.offset = (int64_t)patched->value;
	ref.symbol = proof_symbol_at(side->patched, patched, &ref.offset);
	if (!ref.symbol && side->patched->sections[patched->index].flags & SHF_EXECINSTR &&
	    ko->space == PLACE_SECTION)
		check_piece(&ref);
	else
		check_module_place(&ref);
}
