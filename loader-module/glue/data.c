// SPDX-License-Identifier: GPL-2.0
/*
 * A word is changed by one aligned compare-and-exchange: no reader sees half of it, and nothing
 * that the kernel has written since is lost. Constants are read-only in the kernel's own mapping,
 * so every write goes by way of a mapping of its own, which is there while it lasts.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "data.h"
#include "records.h"

static u64 read_word(const void *at, u32 size)
{
	switch (size) {
	case 1:
		return READ_ONCE(*(const u8 *)at);
	case 2:
		return READ_ONCE(*(const u16 *)at);
	case 4:
		return READ_ONCE(*(const u32 *)at);
	default:
		return READ_ONCE(*(const u64 *)at);
	}
}

/* What it held. */
static u64 exchange_word(void *at, u32 size, u64 old, u64 new)
{
	switch (size) {
	case 1:
		return cmpxchg((u8 *)at, (u8)old, (u8)new);
	case 2:
		return cmpxchg((u16 *)at, (u16)old, (u16)new);
	case 4:
		return cmpxchg((u32 *)at, (u32)old, (u32)new);
	default:
		return cmpxchg((u64 *)at, old, new);
	}
}

static void *map_word(const struct klp_object *obj, const struct klpkit_data *record)
{
	void *at = klpkit_pointer(record->where), *alias;
	struct page *page = obj->mod ? vmalloc_to_page(at) : virt_to_page(at);

	alias = page ? vmap(&page, 1, VM_MAP, PAGE_KERNEL) : NULL;
	return alias ? alias + offset_in_page(at) : NULL;
}

static void unmap_word(void *alias)
{
	vunmap((void *)((unsigned long)alias & PAGE_MASK));
}

static int put(const struct klp_object *obj, const struct klpkit_data *record, u64 old, u64 new)
{
	void *alias = map_word(obj, record);
	u64 held;

	if (!alias)
		return -ENOMEM;
	held = exchange_word(alias, record->size, old, new);
	unmap_word(alias);
	return held == old || held == new ? 0 : -EBUSY;
}

int klpkit_data_check(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	u64 held;

	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		held = read_word(klpkit_pointer(record->where), record->size);
		if (held == record->old || held == record->new)
			continue;
		pr_err("%s at %u of %s holds %#llx, not %#llx as when it was built: the patch cannot change it\n",
		       (char *)klpkit_pointer(record->name), record->offset,
		       klpkit_object_name(obj), held, record->old);
		return -EBUSY;
	}
	return 0;
}

void klpkit_data_apply(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	int err;

	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		err = put(obj, record, record->old, record->new);
		if (err)
			pr_err("%s at %u of %s could not be changed: %d\n",
			       (char *)klpkit_pointer(record->name), record->offset,
			       klpkit_object_name(obj), err);
	}
}

void klpkit_data_undo(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	int err;

	for_each_klpkit_reverse(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		err = put(obj, record, record->new, record->old);
		if (!err)
			continue;
		/* It may still point into the patch. */
		__module_get(THIS_MODULE);
		pr_warn("%s at %u of %s stays as it is, and %s in memory: %d\n",
			(char *)klpkit_pointer(record->name), record->offset,
			klpkit_object_name(obj), THIS_MODULE->name, err);
	}
}

/* By record; NULL where nothing is prepared. */
static void **aliases;
/* What could not be changed while everything was stopped, and what it held. */
static const struct klpkit_data *failed;
static u64 failed_held;

static size_t number_of(const struct klpkit_data *record)
{
	return record - __start_klpkit_data;
}

int klpkit_data_prepare(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	void **alias;

	if (!aliases)
		aliases = kcalloc(klpkit_count(data) + 1, sizeof(*aliases), GFP_KERNEL);
	if (!aliases)
		return -ENOMEM;
	for_each_klpkit(data, record) {
		alias = &aliases[number_of(record)];
		if (!klpkit_belongs(record->object, obj) || *alias)
			continue;
		*alias = map_word(obj, record);
		if (*alias)
			continue;
		klpkit_data_release(obj);
		return -ENOMEM;
	}
	return 0;
}

void klpkit_data_release(const struct klp_object *obj)
{
	const struct klpkit_data *record;

	if (failed && klpkit_belongs(failed->object, obj)) {
		pr_err("%s at %u of %s holds %#llx: it cannot be changed\n",
		       (char *)klpkit_pointer(failed->name), failed->offset, klpkit_object_name(obj), failed_held);
		failed = NULL;
	}
	for_each_klpkit(data, record) {
		if (!aliases || !klpkit_belongs(record->object, obj) || !aliases[number_of(record)])
			continue;
		unmap_word(aliases[number_of(record)]);
		aliases[number_of(record)] = NULL;
	}
}

void klpkit_data_exit(void)
{
	kfree(aliases);
}

static int switch_word(const struct klpkit_data *record, bool apply)
{
	u64 old = apply ? record->old : record->new, new = apply ? record->new : record->old;
	u64 held;

	/* there was no memory to prepare it */
	if (!aliases || !aliases[number_of(record)])
		return -ENOMEM;
	held = exchange_word(aliases[number_of(record)], record->size, old, new);
	if (held == old || held == new)
		return 0;
	failed = record;
	failed_held = held;
	return -EBUSY;
}

int klpkit_data_switch(const struct klp_object *obj, bool apply)
{
	const struct klpkit_data *record;
	int err = 0;

	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		err = switch_word(record, apply);
		if (err)
			break;
	}
	while (err && record-- > __start_klpkit_data)
		if (klpkit_belongs(record->object, obj))
			switch_word(record, !apply);
	return err;
}
