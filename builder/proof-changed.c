// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nothing that changed was left out: the old code of a changed function is not run any more. It is
 * replaced, or all that could lead to it is (a caller that is replaced, a piece's function).
 */
#include <string.h>

#include "proof-state.h"

/* Has run, or will run once when the module goes: never replaced. */
static bool is_init(const struct proof_side *side, uint32_t symbol)
{
	const struct proof_symbol *s = &side->patched->symbols[symbol];

	const char *section = side->patched->sections[s->section].name;

	return !strncmp(section, ".init", 5) || !strncmp(section, ".exit", 5);
}

/* Sections that describe code, and lead nobody to it. */
static bool leads_nowhere(const struct proof_section *section)
{
	static const char *const names[] = { ".discard", ".orc_", "__patchable", "__mcount_loc",
					     ".return_sites", ".retpoline_sites", ".call_sites",
					     ".ibt_endbr", ".smp_locks", "__bug_table",
					     ".altinstructions", "_kprobe_blacklist",
					     ".static_call_sites", ".parainstructions",
					     "__jump_table", "__ex_table", ".export_symbol",
					     "___ksymtab", "__ksymtab", ".initcall", ".init.",
					     ".cfi_sites", ".llvm", ".printk_index",
					     "runtime_ptr_", "runtime_shift_" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(section->name, names[i], strlen(names[i])))
			return true;
	return !(section->flags & SHF_ALLOC);
}

static bool is_effective(struct proof *proof, struct proof_side *side, uint32_t symbol);

/* All that refers to the function is effective itself. */
static bool reached_by_effective(struct proof *proof, struct proof_side *side, uint32_t symbol)
{
	const struct proof_object *object = side->patched;

	for (uint32_t n = 1; n < object->section_count; n++) {
		const struct proof_section *section = &object->sections[n];

		if (leads_nowhere(section))
			continue;
		for (uint32_t i = 0; i < section->reloc_count; i++) {
			const struct proof_reloc *reloc = &section->relocs[i];
			struct proof_place from = { PLACE_SECTION, n, reloc->offset }, to;
			int64_t offset;
			uint32_t by;

			to = proof_reloc_place(object, reloc,
					       proof_reloc_is_relative(reloc->type) ? 4 : 0);
			if (to.space != PLACE_SECTION ||
			    proof_symbol_at(object, &to, &offset) != symbol)
				continue;
			by = proof_symbol_at(object, &from, &offset);
			if (!by || (by != symbol && !is_effective(proof, side, by)))
				return false;
		}
	}
	return true;
}

static bool is_piece(const char *name)
{
	return strstr(name, ".cold") || strstr(name, ".part.") || strstr(name, ".isra.") ||
	       strstr(name, ".constprop.");
}

/* By this or another name: the compiler makes one function of two with the same code. */
static bool is_replaced(const struct proof_side *side, uint32_t symbol)
{
	const struct proof_symbol *s = &side->patched->symbols[symbol];
	const struct proof_section *section = &side->patched->sections[s->section];

	for (uint32_t i = 0; i < section->symbol_count; i++)
		if (side->replaces[section->symbols[i]] &&
		    side->patched->symbols[section->symbols[i]].value == s->value)
			return true;
	return false;
}

/*
 * Does the original begin with a call for ftrace, by which it can be redirected? What can is: that
 * its callers are replaced does not mean that no one else runs it, or is in it.
 */
static bool has_fentry(const struct proof_side *side, uint32_t symbol)
{
	static const uint8_t endbr[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	const struct proof_object *original = side->original;
	const struct proof_section *section;
	struct proof_code code;
	uint64_t at;
	uint32_t reloc;

	if (!side->original_of[symbol] ||
	    !proof_code_of(original, side->original_of[symbol], &code) || code.size < 9)
		return false;
	at = memcmp(code.bytes, endbr, sizeof(endbr)) ? 0 : sizeof(endbr);
	if (proof_entry_at(side->original_entries, code.section, code.start + at, PROOF_MCOUNT))
		return true;
	section = &original->sections[code.section];
	reloc = proof_first_reloc(section, code.start + at + 1);
	return code.bytes[at] == 0xe8 && reloc < section->reloc_count &&
	       section->relocs[reloc].offset == code.start + at + 1 &&
	       !strcmp(original->symbols[section->relocs[reloc].symbol].name, "__fentry__");
}

static bool is_effective(struct proof *proof, struct proof_side *side, uint32_t symbol)
{
	const struct proof_symbol *s = &side->patched->symbols[symbol];
	uint8_t *known = &side->effective[symbol];

	if (*known != PROOF_NOT_ASKED)
		return *known != PROOF_NOT_EFFECTIVE;
	*known = PROOF_BEING_ASKED;
	if (is_replaced(side, symbol) || is_init(side, symbol))
		*known = PROOF_EFFECTIVE;
	else if (s->type == STT_FUNC && (s->bind == STB_LOCAL || is_piece(s->name)) &&
		 !has_fentry(side, symbol) &&
		 reached_by_effective(proof, side, symbol))
		*known = PROOF_BY_CALLERS;
	else
		*known = PROOF_NOT_EFFECTIVE;
	return *known != PROOF_NOT_EFFECTIVE;
}

/* Not in what runs: another object's definition is, or the link left it out. */
static bool is_not_running(const struct proof_side *side, uint32_t symbol)
{
	enum proof_state state = side->before->states[side->original_of[symbol]];

	return state == PROOF_OVERRIDDEN || state == PROOF_ABSENT;
}

void proof_nothing_left_out(struct proof *proof)
{
	for (size_t i = 0; i < proof->count; i++) {
		struct proof_side *side = &proof->sides[i];

		for (uint32_t n = 1; n < side->patched->symbol_count; n++) {
			if (!side->changed[n] || is_not_running(side, n) ||
			    is_effective(proof, side, n))
				continue;
			proof_complain(proof, side, side->patched->symbols[n].name,
				       "it changed, and its old code would still be run");
		}
	}
}
