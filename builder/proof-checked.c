// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function that is not redirected, but that only replaced functions lead to: a caller is on the
 * stack while somebody is in it. Not after a sibling call: then the function is to be looked for
 * itself, which the module's records have to say.
 */
#include <string.h>

#include "proof-state.h"

/* A field of a jump, not of a call? */
static bool is_jump(const struct proof_section *section, const struct proof_reloc *reloc)
{
	const uint8_t *field;

	if (!(section->flags & SHF_EXECINSTR) || !section->data || reloc->offset < 2)
		return false;
	field = section->data + reloc->offset;
	return field[-1] == 0xe9 || (field[-2] == 0x0f && (field[-1] & 0xf0) == 0x80);
}

/* foo.cold of foo: reached by jumps of its own function. */
static bool is_cold_of(const char *piece, const char *function)
{
	size_t length = strlen(function);

	return !strncmp(piece, function, length) && !strncmp(piece + length, ".cold", 5);
}

/* Another function of the object that jumps to it; NULL: none does. */
static const char *jumper_to(const struct proof_object *object, uint32_t symbol)
{
	const char *name = object->symbols[symbol].name;

	for (uint32_t n = 1; n < object->section_count; n++) {
		const struct proof_section *section = &object->sections[n];

		for (uint32_t i = 0; i < section->reloc_count; i++) {
			const struct proof_reloc *reloc = &section->relocs[i];
			struct proof_place from = { PLACE_SECTION, n, reloc->offset }, to;
			int64_t offset;
			uint32_t by;

			if (!is_jump(section, reloc))
				continue;
			to = proof_reloc_place(object, reloc, 4);
			if (to.space != PLACE_SECTION || proof_symbol_at(object, &to, &offset) != symbol)
				continue;
			by = proof_symbol_at(object, &from, &offset);
			if (by && by != symbol && !is_cold_of(object->symbols[by].name, name) &&
			    !is_cold_of(name, object->symbols[by].name))
				return object->symbols[by].name;
		}
	}
	return NULL;
}

void proof_checked(struct proof *proof)
{
	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];

		for (uint32_t n = 1; n < side->patched->symbol_count; n++) {
			uint32_t original = side->original_of[n];
			const char *by;

			if (side->effective[n] != PROOF_BY_CALLERS || !original || side->checks[n] ||
			    side->patched->symbols[n].type != STT_FUNC)
				continue;
			by = jumper_to(side->original, original) ?: jumper_to(side->patched, n);
			if (by)
				proof_complain(proof, side, side->patched->symbols[n].name,
					       "%s jumps to it, and it is not to be looked for on the stacks", by);
		}
	}
}
