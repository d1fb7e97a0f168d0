// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "owners.h"
#include "records.h"

/* Of a shadow variable: "klpkit", so that it is not one of an author's, and what the word is changed to. */
static unsigned long owner_id(const struct klpkit_data *record)
{
	return 0x6b6c706b69740000UL ^ (unsigned long)record->new;
}

#ifdef CONFIG_LIVEPATCH
#include <linux/livepatch.h>

struct klpkit_owner *klpkit_owner_find(const struct klpkit_data *record)
{
	return klp_shadow_get(klpkit_pointer(record->where), owner_id(record));
}

struct klpkit_owner *klpkit_owner_make(const struct klpkit_data *record)
{
	return klp_shadow_get_or_alloc(klpkit_pointer(record->where), owner_id(record),
				       sizeof(struct klpkit_owner), GFP_KERNEL, NULL, NULL);
}

void klpkit_owner_free(const struct klpkit_data *record)
{
	klp_shadow_free(klpkit_pointer(record->where), owner_id(record), NULL);
}
#else
struct klpkit_owner *klpkit_owner_find(const struct klpkit_data *record)
{
	return loader.shadow_get(klpkit_pointer(record->where), owner_id(record));
}

struct klpkit_owner *klpkit_owner_make(const struct klpkit_data *record)
{
	return loader.shadow_get_or_alloc(klpkit_pointer(record->where), owner_id(record),
					  sizeof(struct klpkit_owner), GFP_KERNEL, NULL, NULL);
}

void klpkit_owner_free(const struct klpkit_data *record)
{
	loader.shadow_free(klpkit_pointer(record->where), owner_id(record), NULL);
}
#endif

bool klpkit_owner_is_me(const struct klpkit_owner *owner)
{
	return owner->by_loader == klpkit_by_loader && !strcmp(owner->module, THIS_MODULE->name);
}

void klpkit_owner_set_me(struct klpkit_owner *owner)
{
	strscpy(owner->module, THIS_MODULE->name, sizeof(owner->module));
	owner->by_loader = klpkit_by_loader;
}

void klpkit_owner_clear(struct klpkit_owner *owner)
{
	*owner->module = '\0';
}
