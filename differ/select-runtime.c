// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Constants that the kernel writes into its code when it boots (runtime_ptr_*, runtime_shift_*;
 * arch/x86/include/asm/runtime-const.h since 6.11: USER_PTR_MAX in get_user(), dentry_hashtable).
 * A copy of the code is not written to, and would compute with the placeholder. Modules are
 * compiled to read the variable instead, and carried code is made to do just that: the load of the
 * constant, ten bytes, becomes a load of the variable and a no-op. A shift by such a constant has
 * no room for it.
 */
#include <string.h>

#include "select.h"

#define PLACEHOLDER 0x0123456789abcdefULL

static const char *runtime_variable(const struct model *model, const struct entry *entry)
{
	static const char prefix[] = "runtime_ptr_";
	const char *name = model->object->sections[entry->section].name;

	return strncmp(name, prefix, sizeof(prefix) - 1) ? NULL : name + sizeof(prefix) - 1;
}

bool runtime_constant_is_load(const struct model *model, const struct entry *entry)
{
	const struct unit *unit = &model->units.items[entry->owner];
	const uint8_t *code = unit_bytes(model, unit);
	uint64_t value, size = unit->end - unit->start;

	if (!runtime_variable(model, entry) || !code || entry->owner_offset < 2 ||
	    entry->owner_offset > size || size - entry->owner_offset < sizeof(value))
		return false;
	code += entry->owner_offset;
	memcpy(&value, code, sizeof(value));
	/* movabs $imm64, %reg */
	return value == PLACEHOLDER && (code[-2] & 0xfe) == 0x48 && (code[-1] & 0xf8) == 0xb8;
}

struct target runtime_constant_target(const struct selection *selection, const struct entry *entry)
{
	const struct model *model = selection_model(selection);
	const char *name = runtime_variable(model, entry);
	uint32_t i;

	for (i = 1; i < model->object->symbol_count; i++) {
		struct ref ref = { .unit = model->symbol_unit[i], .symbol = i };

		if (symbol_is_defined(model->object, &model->object->symbols[i]) &&
		    ref.unit != UNIT_NONE && !strcmp(model->object->symbols[i].name, name))
			return selection_target(selection, ref, false);
	}
	return target_of_undefined(selection, name);
}
