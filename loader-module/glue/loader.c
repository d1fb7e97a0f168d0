// SPDX-License-Identifier: GPL-2.0
/*
 * For the loader backend: what every patch module is linked with describes itself to klp_loader.ko. The
 * description for the livepatch core, which the other parts of the glue make and are called with, is kept
 * and translated; the relocations for the kernel itself have been applied by the kernel's module loader, or by ours.
 *
 * The loader is found by name when the patch is loaded: as an ordinary reference it would need a symbol
 * version, and with it this very build of the loader.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <klpkit/loader.h>

#include "build.h"
#include "callbacks.h"
#include "data.h"
#include "held.h"
#include "identity.h"
#include "objects.h"
#include "owners.h"
#include "records.h"
#include "relocs.h"

static char *model = "";
module_param(model, charp, 0);
MODULE_PARM_DESC(model, "The consistency model, instead of the one that it was built for");

static bool only_check;
module_param_named(check, only_check, bool, 0);
MODULE_PARM_DESC(check, "Look who could switch now, and do not load it");

static struct klp_object *objs;
static struct klpl_patch_info info;
const bool klpkit_by_loader = true;

/* What of the loader's is called: while we are there all of it is held */
static struct {
	typeof(klpl_patch_load) *load;
	typeof(klpl_patch_unload) *unload;
	typeof(klpl_relocs_apply) *apply_relocs;
	typeof(klpl_relocs_clear) *clear_relocs;
	typeof(klpl_state_before) *state_before;
	typeof(klpl_shadow_get) *shadow_get;
	typeof(klpl_shadow_get_or_alloc) *shadow_get_or_alloc;
	typeof(klpl_shadow_free) *shadow_free;
} loader;

unsigned int klpkit_state_before(unsigned long id)
{
	const struct klpl_state *state = loader.state_before(&info, id);

	return state ? state->version : 0;
}

/* They are undone when their module leaves, and then only. */
void klpkit_relocs_refused(const struct klp_object *obj)
{
}

void klpkit_relocs_left(const struct klp_object *obj)
{
}

static int arrive(void *data, struct module *module)
{
	struct klp_object *obj = data;
	int err;

	obj->mod = module;
	if (!module)
		return 0;
	err = klpkit_check_module(module);
	if (!err)
		err = loader.apply_relocs(THIS_MODULE, obj->name);
	if (err)
		obj->mod = NULL;
	return err;
}

static void leave(void *data)
{
	struct klp_object *obj = data;

	if (obj->mod) {
		/* what refers to the module: of one that was replaced, nobody has asked for it so far */
		klpkit_held_drain(obj->name);
		klpkit_data_leave(obj);
		loader.clear_relocs(THIS_MODULE, obj->name);
	}
	obj->mod = NULL;
}

static int loader_pre_patch(void *data)
{
	struct klp_object *obj = data;

	return obj->callbacks.pre_patch(obj);
}

static void loader_post_patch(void *data)
{
	struct klp_object *obj = data;

	obj->callbacks.post_patch(obj);
}

static void loader_pre_unpatch(void *data)
{
	struct klp_object *obj = data;

	obj->callbacks.pre_unpatch(obj);
}

static void loader_post_unpatch(void *data)
{
	struct klp_object *obj = data;

	obj->callbacks.post_unpatch(obj);
}

static void switched(void *data, bool all)
{
	klpkit_callbacks_set_flag(data, all);
}

static int apply(void *data)
{
	return klpkit_callbacks_switch(data, true);
}

static int unapply(void *data)
{
	return klpkit_callbacks_switch(data, false);
}

/* Of a function's records none is without a replaced caller, so that each one's object is among ours. */
static int describe_checks(const struct klp_object *obj, struct klpl_object_info *object)
{
	const struct klpkit_check *record;
	struct klpl_check_info *checks;

	checks = kcalloc(klpkit_count(checks) + 1, sizeof(*checks), GFP_KERNEL);
	if (!checks)
		return -ENOMEM;
	object->checks = checks;
	for_each_klpkit(checks, record) {
		if (!klpkit_belongs(record->object, obj))
			continue;
		checks->name = klpkit_pointer(record->name);
		checks->sympos = record->sympos;
		checks++;
		object->check_count++;
	}
	return 0;
}

static bool is_immediate(const char *function)
{
	const char *const *name = klpkit_immediate;

	while (*name && strcmp(*name, function))
		name++;
	return *name;
}

static int describe_states(void)
{
	size_t count = 0;

	while (klpkit_states[count].id)
		count++;
	info.states = kcalloc(count + 1, sizeof(*info.states), GFP_KERNEL);
	if (!info.states)
		return -ENOMEM;
	for (; info.state_count < count; info.state_count++)
		info.states[info.state_count] = (struct klpl_state){
			.id = klpkit_states[info.state_count].id,
			.version = klpkit_states[info.state_count].version,
		};
	return 0;
}

static int describe_object(struct klp_object *obj, struct klpl_object_info *object)
{
	struct klpl_func_info *funcs;
	const struct klp_func *func;
	size_t count = 0;

	for (func = obj->funcs; func->old_name; func++)
		count++;
	funcs = kcalloc(count + 1, sizeof(*funcs), GFP_KERNEL);
	*object = (struct klpl_object_info){
		.name = obj->name,
		.funcs = funcs,
		.func_count = count,
		.arrive = arrive,
		.leave = leave,
		.pre_patch = loader_pre_patch,
		.post_patch = loader_post_patch,
		.pre_unpatch = loader_pre_unpatch,
		.post_unpatch = loader_post_unpatch,
		.data = obj,
	};
	if (klpkit_callbacks_have_flag(obj))
		object->switched = switched;
	if (klpkit_at_once) {
		object->apply = apply;
		object->unapply = unapply;
	}
	if (!funcs)
		return -ENOMEM;
	for (func = obj->funcs; func->old_name; func++, funcs++) {
		funcs->name = func->old_name;
		funcs->sympos = func->old_sympos;
		funcs->new_func = func->new_func;
		funcs->immediate = is_immediate(func->old_name);
	}
	return describe_checks(obj, object);
}

static void forget(void)
{
	size_t i;

	for (i = 0; i < info.object_count; i++) {
		kfree(info.objects[i].funcs);
		kfree(info.objects[i].checks);
	}
	kfree(info.objects);
	kfree(info.states);
}

static int describe(void)
{
	struct klpl_object_info *objects;
	struct klp_object *obj;
	size_t count = 0;
	int err = 0;

	for (obj = objs; obj->funcs; obj++)
		count++;
	objects = kcalloc(count + 1, sizeof(*objects), GFP_KERNEL);
	if (!objects)
		return -ENOMEM;
	info.owner = THIS_MODULE;
	info.model = *model ? model : klpkit_model;
	info.leave = klpkit_leave;
	info.together = klpkit_together;
	info.check = only_check;
	info.replace = klpkit_replace;
	info.replaces = *klpkit_replaced ? klpkit_replaced : NULL;
	info.objects = objects;
	err = describe_states();
	for (obj = objs; obj->funcs && !err; obj++)
		err = describe_object(obj, &objects[info.object_count++]);
	if (err)
		forget();
	return err;
}

static const struct {
	const char *name;
	void **at;
} symbols[] = {
	{ "klpl_patch_load", (void **)&loader.load },
	{ "klpl_patch_unload", (void **)&loader.unload },
	{ "klpl_relocs_apply", (void **)&loader.apply_relocs },
	{ "klpl_relocs_clear", (void **)&loader.clear_relocs },
	{ "klpl_state_before", (void **)&loader.state_before },
	{ "klpl_shadow_get", (void **)&loader.shadow_get },
	{ "klpl_shadow_get_or_alloc", (void **)&loader.shadow_get_or_alloc },
	{ "klpl_shadow_free", (void **)&loader.shadow_free },
};

static void let_go(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(symbols); i++)
		if (*symbols[i].at)
			__symbol_put(symbols[i].name);
}

static int hold_loader(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(symbols); i++) {
		*symbols[i].at = (void *)__symbol_get(symbols[i].name);
		if (*symbols[i].at)
			continue;
		pr_err("%s needs klp_loader.ko, which is not loaded\n", THIS_MODULE->name);
		let_go();
		return -ENODEV;
	}
	return 0;
}

bool klpkit_replaces(const struct klpkit_owner *owner)
{
	const char *const *name = klpkit_replaced;

	if (!klpkit_replace || !owner->by_loader)
		return false;
	while (*name && strcmp(*name, owner->module))
		name++;
	/* without names: all of them */
	return *name || !*klpkit_replaced;
}

static int __init klpkit_init(void)
{
	int err;

	err = klpkit_check_vmlinux();
	if (err)
		return err;
	objs = klpkit_objects_create();
	if (IS_ERR(objs))
		return PTR_ERR(objs);
	err = describe();
	if (err)
		goto err_objects;
	err = hold_loader();
	if (err)
		goto err_describe;
	err = klpkit_data_init();
	if (err)
		goto err_loader;
	err = klpkit_held_init();
	if (err)
		goto err_data;
	err = loader.load(&info);
	if (err)
		goto err_held;
	klpkit_held_pin();
	return 0;

err_held:
	klpkit_held_exit();
err_data:
	klpkit_data_exit();
err_loader:
	let_go();
err_describe:
	forget();
err_objects:
	klpkit_objects_destroy(objs);
	return err;
}

static void __exit klpkit_exit(void)
{
	loader.unload(&info);
	klpkit_held_exit();
	klpkit_data_exit();
	let_go();
	forget();
	klpkit_objects_destroy(objs);
}

module_init(klpkit_init);
module_exit(klpkit_exit);

MODULE_DESCRIPTION("Live patch built by klpkit, for klp_loader");
MODULE_LICENSE("GPL");
#ifdef CONFIG_LIVEPATCH
/* The kernel knows the form of our relocations by this, and keeps them; one that cannot does not take such a module. */
MODULE_INFO(livepatch, "Y");
#else
/* KLPKIT_LOADER_SYMBOL */
static typeof(klpl_patch_load) *const not_without_the_loader __used = klpl_patch_load;
#endif
