// SPDX-License-Identifier: GPL-2.0-or-later
/* What of an original is not what runs, with both instructions and what is likely the cause. */
#include <stdlib.h>
#include <string.h>

#include "proof-state.h"

/* "gcc-12 (Debian 12.2.0-14) 12.2.0" and "gcc (Debian 12.2.0-14) 12.2.0": from the "(" on. */
static bool other_compiler(const struct proof *proof)
{
	const char *banner = image_banner(proof->kernel.vmlinux), *own = proof->kernel.compiler;

	own = own ? strchr(own, '(') : NULL;
	return own && banner && !strstr(banner, own);
}

static bool other_version(const struct proof *proof)
{
	const char *banner = image_banner(proof->kernel.vmlinux);

	return banner && proof->kernel.version && !strstr(banner, proof->kernel.version);
}

static const char *likely_cause(const struct proof *proof, const struct proof_side *side,
				const struct proof_difference *difference)
{
	size_t matched = 0;

	for (uint32_t i = 1; i < side->original->symbol_count; i++)
		matched += side->original->symbols[i].type == STT_FUNC &&
			   side->before->states[i] == PROOF_MATCHED;
	if (other_compiler(proof))
		return "the kernel was built with another compiler";
	if (other_version(proof))
		return "the source is of another version than the kernel";
	if (side->before->differences.count >= 2 && side->before->differences.count > matched)
		return "another compiler, other options of it or another configuration, since most "
		       "functions differ";
	if (difference->what && !strcmp(difference->what, "an offset"))
		return "a structure is laid out otherwise: another configuration or source";
	return "the source is not exactly the kernel's, or its configuration is another";
}

static void explain_one(struct proof *proof, const struct proof_side *side,
			const struct proof_difference *difference)
{
	const struct proof_symbol *symbol = &side->original->symbols[difference->symbol];
	char compiled[128] = "", running[128] = "";
	struct proof_code a, b;

	if (symbol->type != STT_FUNC) {
		proof_complain(proof, side, symbol->name,
			       "its contents are not what the kernel has, at +0x%llx (%s); likely "
			       "cause: %s",
			       (unsigned long long)difference->a_at, difference->what,
			       likely_cause(proof, side, difference));
		return;
	}
	if (proof_code_of(side->original, difference->symbol, &a)) {
		proof_print(&a, difference->a_at, compiled, sizeof(compiled));
		if (proof_body_code(&side->running, &difference->place, a.size * 2 + 16, &b))
			proof_print(&b, difference->b_at, running, sizeof(running));
	}
	proof_complain(proof, side, symbol->name,
		       "its code is not what the kernel runs: compiled +0x%llx \"%s\", running "
		       "+0x%llx \"%s\" (%s); likely cause: %s",
		       (unsigned long long)difference->a_at, compiled,
		       (unsigned long long)difference->b_at, running, difference->what,
		       likely_cause(proof, side, difference));
}

void proof_explain(struct proof *proof, const struct proof_side *side)
{
	for (size_t i = 0; i < side->before->differences.count; i++)
		explain_one(proof, side, &side->before->differences.items[i]);
}
