// SPDX-License-Identifier: GPL-2.0-or-later
/* The proofs' reader, and what they make of a module's special sections and code. */
#include "fuzz.h"

#include "proof-entries.h"

static void compare_code(const struct proof_object *object)
{
	for (uint32_t i = 1; i < object->symbol_count && i < 64; i++) {
		struct proof_comparison comparison = { 0 };
		struct proof_code code;
		struct error *err;

		if (object->symbols[i].type != STT_FUNC || !proof_code_of(object, i, &code))
			continue;
		err = proof_compare(&code, &code, &comparison);
		/* anything that can be decoded equals itself */
		if (!err && !comparison.same && comparison.a_at != comparison.b_at)
			abort();
		error_destroy(err);
		proof_comparison_destroy(&comparison);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proof_entries *entries;
	struct proof_object *object;
	struct error *err = proof_object_from("fuzz", data, size, &object);

	if (err) {
		fuzz_error(err);
		return 0;
	}
	compare_code(object);
	err = proof_entries_create(object, &entries);
	if (err)
		fuzz_error(err);
	else
		proof_entries_destroy(entries);
	proof_object_destroy(object);
	return 0;
}
