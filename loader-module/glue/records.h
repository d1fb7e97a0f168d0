/* SPDX-License-Identifier: GPL-2.0 */
/* The records that the differ left in this module, and how to walk them. */
#ifndef KLPKIT_GLUE_RECORDS_H
#define KLPKIT_GLUE_RECORDS_H

#include <linux/string.h>

#include <klpkit/format.h>
#include <klpkit/object.h>

/* From klpkit.lds. */
extern const struct klpkit_func __start_klpkit_funcs[], __stop_klpkit_funcs[];
extern const struct klpkit_held __start_klpkit_held[], __stop_klpkit_held[];
extern const struct klpkit_check __start_klpkit_checks[], __stop_klpkit_checks[];
extern const struct klpkit_callback __start_klpkit_callbacks[], __stop_klpkit_callbacks[];
extern const struct klpkit_data __start_klpkit_data[], __stop_klpkit_data[];

#define for_each_klpkit(kind, record) \
	for ((record) = __start_klpkit_##kind; (record) < __stop_klpkit_##kind; (record)++)
#define for_each_klpkit_reverse(kind, record) \
	for ((record) = __stop_klpkit_##kind; (record)-- > __start_klpkit_##kind;)
#define klpkit_count(kind) ((size_t)(__stop_klpkit_##kind - __start_klpkit_##kind))

static inline void *klpkit_pointer(u64 field)
{
	return (void *)(unsigned long)field;
}

/* The livepatch core calls vmlinux NULL. */
static inline const char *klpkit_object_name(const struct klp_object *obj)
{
	return obj->name ?: "vmlinux";
}

/* Is a record with this object field one of obj's? */
static inline bool klpkit_belongs(u64 object, const struct klp_object *obj)
{
	return !strcmp(klpkit_pointer(object), klpkit_object_name(obj));
}

#endif
