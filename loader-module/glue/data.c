// SPDX-License-Identifier: GPL-2.0
/*
 * A word is changed by one aligned compare-and-exchange: no reader sees half of it, and nothing
 * that the kernel has written since is lost. Constants are read-only in the kernel's own mapping,
 * so every write goes by way of a mapping of its own, which is there while it lasts.
 *
 * A patch undoes what it has changed, or what one had that it replaced: of two patches with the same change the
 * first to be disabled would take it from the other. Whose it is counts for both backends, and each has a lock of its own:
 * two patches of the same word, one for each, that are enabled in the same moment are not kept apart.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "build.h"
#include "data.h"
#include "owners.h"
#include "records.h"

/* By record; NULL where nothing is prepared. Only with a switch while everything is stopped. */
static void **aliases;
/* What could not be changed then, and what it held. */
static const struct klpkit_data *failed;
static u64 failed_held;

static void **alias_of(const struct klpkit_data *record)
{
	return &aliases[record - __start_klpkit_data];
}

int klpkit_data_init(void)
{
	aliases = kcalloc(klpkit_count(data) + 1, sizeof(*aliases), GFP_KERNEL);
	return aliases ? 0 : -ENOMEM;
}

static bool is_mine(const struct klpkit_data *record)
{
	const struct klpkit_owner *owner = klpkit_owner_find(record);

	return owner && klpkit_owner_is_me(owner);
}

static void make_mine(const struct klpkit_data *record)
{
	struct klpkit_owner *owner = klpkit_owner_find(record);

	if (owner)
		klpkit_owner_set_me(owner);
}

void klpkit_data_leave(const struct klp_object *obj)
{
	const struct klpkit_data *record;

	for_each_klpkit(data, record)
		if (klpkit_belongs(record->object, obj) && is_mine(record))
			klpkit_owner_free(record);
}

void klpkit_data_exit(void)
{
	const struct klpkit_data *record;

	for_each_klpkit(data, record)
		if (is_mine(record))
			klpkit_owner_free(record);
	kfree(aliases);
}

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

/* What it held is left in *held_ret. */
static int put(const struct klp_object *obj, const struct klpkit_data *record, u64 old, u64 new, u64 *held_ret)
{
	void *alias = map_word(obj, record);

	if (!alias)
		return -ENOMEM;
	*held_ret = exchange_word(alias, record->size, old, new);
	unmap_word(alias);
	return *held_ret == old || *held_ret == new ? 0 : -EBUSY;
}

static int check_owner(const struct klp_object *obj, const struct klpkit_data *record)
{
	const struct klpkit_owner *owner = klpkit_owner_find(record);

	if (!owner || !*owner->module || klpkit_owner_is_me(owner) || klpkit_replaces(owner))
		return 0;
	pr_err("%s at %u of %s is changed by %s already, which %s does not replace\n",
	       (char *)klpkit_pointer(record->name), record->offset, klpkit_object_name(obj), owner->module,
	       THIS_MODULE->name);
	return -EBUSY;
}

int klpkit_data_check(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	int err = 0;
	u64 held;

	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		held = read_word(klpkit_pointer(record->where), record->size);
		if (held == record->new)
			err = check_owner(obj, record);
		if (err)
			return err;
		if (held == record->old || held == record->new)
			continue;
		pr_err("%s at %u of %s holds %#llx, not %#llx as when it was built: the patch cannot change it\n",
		       (char *)klpkit_pointer(record->name), record->offset,
		       klpkit_object_name(obj), held, record->old);
		return -EBUSY;
	}
	return 0;
}

int klpkit_data_prepare(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	void **alias;

	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		alias = alias_of(record);
		if (klpkit_at_once && !*alias)
			*alias = map_word(obj, record);
		if (klpkit_owner_make(record) && (!klpkit_at_once || *alias))
			continue;
		klpkit_data_release(obj);
		return -ENOMEM;
	}
	return 0;
}

void klpkit_data_release(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	struct klpkit_owner *owner;
	void **alias;

	if (failed && klpkit_belongs(failed->object, obj)) {
		pr_err("%s at %u of %s holds %#llx: it cannot be changed\n",
		       (char *)klpkit_pointer(failed->name), failed->offset, klpkit_object_name(obj), failed_held);
		failed = NULL;
	}
	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		owner = klpkit_owner_find(record);
		if (owner && !*owner->module)
			klpkit_owner_free(record);
		alias = alias_of(record);
		if (*alias)
			unmap_word(*alias);
		*alias = NULL;
	}
}

void klpkit_data_apply(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	u64 held;
	int err;

	for_each_klpkit(data, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		err = put(obj, record, record->old, record->new, &held);
		if (err)
			pr_err("%s at %u of %s could not be changed: %d\n",
			       (char *)klpkit_pointer(record->name), record->offset,
			       klpkit_object_name(obj), err);
		else if (held == record->old)
			make_mine(record);
	}
}

void klpkit_data_undo(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	u64 held;
	int err;

	for_each_klpkit_reverse(data, record) {
		if (!klpkit_belongs(record->object, obj) || !is_mine(record))
			continue;
		err = put(obj, record, record->new, record->old, &held);
		if (!err) {
			klpkit_owner_clear(klpkit_owner_find(record));
			continue;
		}
		/* It may still point into the patch. */
		__module_get(THIS_MODULE);
		pr_warn("%s at %u of %s stays as it is, and %s in memory: %d\n",
			(char *)klpkit_pointer(record->name), record->offset,
			klpkit_object_name(obj), THIS_MODULE->name, err);
	}
}

/* It is as the patch wants it, and nothing was exchanged. */
void klpkit_data_settle(const struct klp_object *obj)
{
	const struct klpkit_data *record;
	struct klpkit_owner *owner;

	for_each_klpkit(data, record) {
		owner = klpkit_belongs(record->object, obj) ? klpkit_owner_find(record) : NULL;
		if (owner && *owner->module)
			klpkit_owner_set_me(owner);
	}
}

static int switch_word(const struct klpkit_data *record, bool apply)
{
	u64 old = apply ? record->old : record->new, new = apply ? record->new : record->old;
	struct klpkit_owner *owner = klpkit_owner_find(record);
	u64 held;

	if (!apply && (!owner || !klpkit_owner_is_me(owner)))
		return 0;
	/* there was no memory to prepare it */
	if (!owner || !*alias_of(record))
		return -ENOMEM;
	held = exchange_word(*alias_of(record), record->size, old, new);
	if (held != old && held != new) {
		failed = record;
		failed_held = held;
		return -EBUSY;
	}
	if (apply && held == old)
		klpkit_owner_set_me(owner);
	else if (!apply)
		klpkit_owner_clear(owner);
	return 0;
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
