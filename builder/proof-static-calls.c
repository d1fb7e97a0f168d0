// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An entry of .static_call_sites is the site, and the key: 4 and 4 bytes. A module whose site has
 * the trampoline there instead is not loaded (kernel/static_call_inline.c); one with another key
 * would be switched with another call.
 */
#include <stdio.h>
#include <string.h>

#include "proof-state.h"

#define KEY_AT 4

static bool is_key(const char *symbol, const char *name)
{
	static const char prefix[] = "__SCK__";
	const char *start = strstr(symbol, prefix);
	size_t length = strlen(name);

	if (!start)
		return false;
	start += strlen(prefix);
	return !strncmp(start, name, length) && (!start[length] || start[length] == ',');
}

/*
 * EXPORT_STATIC_CALL_TRAMP() exports the trampoline and not the key: the kernel has a table of such
 * trampolines, and finds the key by it.
 */
static bool is_known_trampoline(const struct proof *proof, const struct proof_symbol *symbol,
				const char *name)
{
	char key[256];

	if (symbol->section != SHN_UNDEF || strncmp(symbol->name, "__SCT__", strlen("__SCT__")) ||
	    strcmp(symbol->name + strlen("__SCT__"), name) ||
	    snprintf(key, sizeof(key), "__SCK__%s", name) >= (int)sizeof(key))
		return false;
	return symvers_find(proof->kernel.exports, symbol->name) &&
	       !symvers_find(proof->kernel.exports, key);
}

void proof_static_call(struct proof *proof, const struct proof_side *side, const char *where,
		       const struct proof_entry *entry, const char *name)
{
	const struct proof_section *section = &proof->ko->sections[entry->section];
	uint32_t i = proof_first_reloc(section, entry->at + KEY_AT);
	const struct proof_symbol *key;

	if (i == section->reloc_count || section->relocs[i].offset != entry->at + KEY_AT) {
		proof_complain(proof, side, where, "the static call of %s has no key", name);
		return;
	}
	key = &proof->ko->symbols[section->relocs[i].symbol];
	if (is_known_trampoline(proof, key, name))
		return;
	if (!is_key(key->name, name))
		proof_complain(proof, side, where, "the static call of %s has the key %s", name,
			       key->name);
	else if (key->section == SHN_UNDEF ? !symvers_find(proof->kernel.exports, key->name) :
		 key->section >= SHN_LORESERVE &&
			 proof_running_of_ko(proof, side, section->relocs[i].symbol).kind ==
				 RUNNING_NOWHERE)
		proof_complain(proof, side, where,
			       "the key %s of a static call means nothing in the running system",
			       key->name);
}
