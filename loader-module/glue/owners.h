/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which patch has changed a word: as a shadow variable of the word, which all patches can look at, those of the
 * other backend too where the kernel has it.
 */
#ifndef KLPKIT_GLUE_OWNERS_H
#define KLPKIT_GLUE_OWNERS_H

#include <linux/module.h>
#include <linux/types.h>

struct klpkit_data;

struct klpkit_owner {
	char module[MODULE_NAME_LEN]; /* empty: none so far */
	bool by_loader; /* the backend */
};

/* Of the change that the record tells, not of others to the same word. NULL: there is none. */
struct klpkit_owner *klpkit_owner_find(const struct klpkit_data *record);
/* That, or a new one; NULL: no memory. Sleeps. */
struct klpkit_owner *klpkit_owner_make(const struct klpkit_data *record);
void klpkit_owner_free(const struct klpkit_data *record);

bool klpkit_owner_is_me(const struct klpkit_owner *owner);
void klpkit_owner_set_me(struct klpkit_owner *owner);
void klpkit_owner_clear(struct klpkit_owner *owner);

/* Of each backend: */
extern const bool klpkit_by_loader;
/* Does this patch take the owner's place? */
bool klpkit_replaces(const struct klpkit_owner *owner);

#endif
