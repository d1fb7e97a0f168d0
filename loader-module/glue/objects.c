// SPDX-License-Identifier: GPL-2.0
/* From records to struct klp_object and struct klp_func, grouped by object. */
#include <linux/err.h>
#include <linux/jump_label.h>
#include <linux/slab.h>

#include "callbacks.h"
#include "objects.h"
#include "records.h"

/* A kind that the patch has no record of needs its section too, as one that is loaded. */
static const struct klpkit_func no_func[0] __used __section(KLPKIT_SEC_FUNCS);
static const struct klpkit_held no_held[0] __used __section(KLPKIT_SEC_HELD);
static const struct klpkit_check no_check[0] __used __section(KLPKIT_SEC_CHECKS);
static const struct klpkit_callback no_callback[0] __used __section(KLPKIT_SEC_CALLBACKS);
static const struct klpkit_data no_data[0] __used __section(KLPKIT_SEC_DATA);

struct static_key klpkit_never;

/* The object of the i-th record, counted through all the kinds; NULL after the last. */
static const char *object_of_record(size_t i)
{
	if (i < klpkit_count(funcs))
		return klpkit_pointer(__start_klpkit_funcs[i].object);
	i -= klpkit_count(funcs);
	if (i < klpkit_count(callbacks))
		return klpkit_pointer(__start_klpkit_callbacks[i].object);
	i -= klpkit_count(callbacks);
	if (i < klpkit_count(held))
		return klpkit_pointer(__start_klpkit_held[i].object);
	i -= klpkit_count(held);
	if (i < klpkit_count(data))
		return klpkit_pointer(__start_klpkit_data[i].object);
	return NULL;
}

static bool first_of_its_object(size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(object_of_record(j), object_of_record(i)))
			return false;
	return true;
}

static int fill_funcs(struct klp_object *obj)
{
	const struct klpkit_func *record;
	struct klp_func *func;
	size_t count = 0;

	for_each_klpkit(funcs, record)
		if (klpkit_belongs(record->object, obj))
			count++;
	/* An object that has callbacks and no functions still ends with an empty one. */
	obj->funcs = kcalloc(count + 1, sizeof(*obj->funcs), GFP_KERNEL);
	if (!obj->funcs)
		return -ENOMEM;
	func = obj->funcs;
	for_each_klpkit(funcs, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		func->old_name = klpkit_pointer(record->name);
		func->new_func = klpkit_pointer(record->new_func);
		func->old_sympos = record->sympos;
		func++;
	}
	return 0;
}

struct klp_object *klpkit_objects_create(void)
{
	struct klp_object *objs, *obj;
	size_t i, count = 0;
	const char *name;
	int err;

	for (i = 0; object_of_record(i); i++)
		if (first_of_its_object(i))
			count++;
	objs = kcalloc(count + 1, sizeof(*objs), GFP_KERNEL);
	if (!objs)
		return ERR_PTR(-ENOMEM);
	obj = objs;
	for (i = 0; object_of_record(i); i++) {
		if (!first_of_its_object(i))
			continue;
		name = object_of_record(i);
		obj->name = strcmp(name, "vmlinux") ? name : NULL;
		klpkit_callbacks_set(obj);
		err = fill_funcs(obj);
		if (err)
			goto err_destroy;
		obj++;
	}
	return objs;

err_destroy:
	klpkit_objects_destroy(objs);
	return ERR_PTR(err);
}

void klpkit_objects_destroy(struct klp_object *objs)
{
	struct klp_object *obj;

	for (obj = objs; obj->funcs; obj++)
		kfree(obj->funcs);
	kfree(objs);
}
