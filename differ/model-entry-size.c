// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How large an entry of a special section is:
 *
 * 1. what the environment variable of the older tool says;
 * 2. the section's own entry size, where the compiler wrote one that fits;
 * 3. of the sizes that kernels have used, the one that fits;
 * 4. where none or several of them do, what DWARF says of the structure, if that fits.
 *
 * A size fits when each entry's first field has a relocation, and nothing else looks like one.
 */
#include <stdlib.h>

#include "model.h"
#include "read-types.h"

/* Does every entry of this size begin alike: the owner's field filled by a relocation? */
static bool size_fits(const struct section *section, const struct special *special,
		      uint64_t size)
{
	uint64_t entry = 0;
	uint32_t i;

	if (!size || section->size % size)
		return false;
	for (i = 0; i < section->reloc_count; i++) {
		uint64_t offset = section->relocs[i].offset;

		if (section->relocs[i].type == R_X86_64_NONE)
			continue;
		if (offset % size == special->owner_at) {
			if (offset / size != entry)
				return false;
			entry++;
		} else if (offset / size + 1 != entry) {
			return false;
		}
	}
	return entry == section->size / size;
}

static bool told_by_environment(const struct special *special, uint64_t *size_ret)
{
	const char *env = special->size_env ? getenv(special->size_env) : NULL;

	if (!env || !*env)
		return false;
	*size_ret = strtoull(env, NULL, 0);
	return true;
}

/* How many of the known sizes fit; the first of them. */
static unsigned int fitting(const struct section *section, const struct special *special,
			    uint64_t *size_ret)
{
	unsigned int count = 0;

	for (size_t i = 0; i < sizeof(special->sizes) && special->sizes[i]; i++)
		if (size_fits(section, special, special->sizes[i]) && !count++)
			*size_ret = special->sizes[i];
	return count;
}

static struct error *unknown_size(const struct model *model, const struct section *section,
				  const struct special *special, const char *why)
{
	return error_create(EXIT_ERROR,
			    "%s: cannot tell how large an entry of %s is: %s (%llu bytes, %u "
			    "relocations)%s%s",
			    model->object->path, section->name, why,
			    (unsigned long long)section->size, section->reloc_count,
			    special->size_env ? "; set " : "",
			    special->size_env ? special->size_env : "");
}

struct error *model_entry_size(const struct model *model, uint32_t index, uint64_t *ret)
{
	const struct special *special = &special_table[model->specials[index]];
	const struct section *section = &model->object->sections[index];
	unsigned int count;
	struct error *err;
	uint64_t size;

	if (told_by_environment(special, ret)) {
		if (size_fits(section, special, *ret))
			return NULL;
		return error_create(EXIT_ERROR,
				    "%s: %s=%llu does not fit the relocations of %s; unset it",
				    model->object->path, special->size_env,
				    (unsigned long long)*ret, section->name);
	}
	*ret = section->entsize;
	if (section->entsize > 1 && size_fits(section, special, section->entsize))
		return NULL;
	count = fitting(section, special, ret);
	if (count == 1 || (count && !special->type))
		return NULL;
	size = 0;
	err = special->type ? types_struct_size(model->object->path, special->type, &size) : NULL;
	if (err)
		return err;
	if (size && size_fits(section, special, size)) {
		*ret = size;
		return NULL;
	}
	return unknown_size(model, section, special,
			    count ? "several sizes fit" : "none that is known fits");
}
