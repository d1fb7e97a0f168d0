// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knows the functions whose ENDBR the kernel overwrites when it boots, since nothing takes their
 * address (.ibt_endbr_seal, from objtool; arch/x86/kernel/alternative.c). Carried code that
 * takes it after all would trap on hardware with IBT, where an emulator shows nothing.
 */
#include <string.h>

#include "select.h"

static const struct image *vmlinux_image(const struct selection *selection)
{
	return strcmp(selection->input->parent_name, "vmlinux") ? selection->input->vmlinux_image :
								  selection->input->image;
}

bool target_is_sealed(const struct selection *selection, const struct target *target)
{
	const struct image *image = vmlinux_image(selection);
	const uint8_t *data;
	uint64_t base, address;
	size_t size, i;

	if (!image || target->kind != TARGET_KLP || !target->symtab ||
	    symtab_is_module(target->symtab))
		return false;
	data = image_section(image, ".ibt_endbr_seal", &base, &size);
	if (!data)
		return false;
	address = symtab_at(target->symtab, target->entry)->address;
	for (i = 0; i + 4 <= size; i += 4) {
		int32_t offset; /* from the field itself */

		memcpy(&offset, data + i, 4);
		if (base + i + (uint64_t)(int64_t)offset == address)
			return true;
	}
	return false;
}
