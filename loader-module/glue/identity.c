// SPDX-License-Identifier: GPL-2.0
/*
 * Build-ids. Nothing else ties a patch to one build: positions of symbols and the compiled-in
 * layout of everything are right for that build only.
 */
#include <linux/elf.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>

#include "build.h"
#include "compat.h"
#include "identity.h"
#include "records.h"
#include "refs.h"

#define NOTE_GNU_BUILD_ID 3 /* NT_GNU_BUILD_ID, which only newer headers have */

/* The head of a build-id's note, as it lies in memory (System V ABI, "Note Section"). */
struct build_id_note {
	struct elf64_note head;
	char name[4];
	u8 id[];
};

static const struct klpkit_build_id *expected_for(const char *object)
{
	const struct klpkit_build_id *expected;

	for (expected = klpkit_build_ids; expected->object; expected++)
		if (!strcmp(expected->object, object))
			return expected;
	return NULL;
}

/*
 * The build-id among these bytes: the expected one, else the first one, else NULL. Where the
 * notes of a module begin is not known before its sysfs entries exist, so all of its read-only
 * data is looked through.
 */
static const u8 *find_build_id(const void *start, size_t size, const struct klpkit_build_id *want)
{
	const u8 *first = NULL;
	size_t offset;

	for (offset = 0; offset + sizeof(struct build_id_note) + want->size <= size; offset += 4) {
		const struct build_id_note *note = start + offset;

		if (note->head.n_namesz != sizeof(note->name) ||
		    note->head.n_descsz != want->size || note->head.n_type != NOTE_GNU_BUILD_ID ||
		    memcmp(note->name, "GNU", sizeof(note->name)))
			continue;
		if (!memcmp(note->id, want->id, want->size))
			return note->id;
		if (!first)
			first = note->id;
	}
	return first;
}

static int check(const char *object, const void *notes, size_t size)
{
	const struct klpkit_build_id *want = expected_for(object);
	const char *name = THIS_MODULE->name;
	const u8 *found;

	if (!want) {
		pr_err("%s refused: built without the build-id of %s\n", name, object);
		return -EINVAL;
	}
	found = find_build_id(notes, size, want);
	if (!found) {
		pr_err("%s refused: built for %s with build-id %*phN, but this one has none\n",
		       name, object, want->size, want->id);
		return -EINVAL;
	}
	if (memcmp(found, want->id, want->size)) {
		pr_err("%s refused: built for %s with build-id %*phN, but this one has %*phN\n",
		       name, object, want->size, want->id, want->size, found);
		return -EINVAL;
	}
	return 0;
}

int klpkit_check_vmlinux(void)
{
	return check("vmlinux", klpkit_start_notes, klpkit_stop_notes - klpkit_start_notes);
}

int klpkit_check_module(const struct module *mod)
{
	const void *rodata;
	size_t size;

	rodata = compat_module_rodata(mod, &size);
	return check(mod->name, rodata, size);
}

int klpkit_check_loaded(const struct klp_object *objs)
{
	const struct klp_object *obj;
	struct module *mod;
	int err = 0;

	for (obj = objs; obj->funcs && !err; obj++) {
		if (!obj->name)
			continue;
		preempt_disable();
		mod = klpkit_find_module(obj->name);
		if (mod && !try_module_get(mod))
			mod = NULL;
		preempt_enable();
		if (!mod)
			continue;
		err = klpkit_check_module(mod);
		module_put(mod);
	}
	return err;
}
