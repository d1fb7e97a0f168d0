/* SPDX-License-Identifier: GPL-2.0 */
/* A patch of klpl_target.c to VERSION by MODEL. */
#include <klpkit/loader.h>

#include "klpl_new.h"

static struct klpl_func_info funcs[] = {
	{ "klpl_both", 0, new_both },
	{ "klpl_first", 0, new_first },
	{ "klpl_second", 0, new_second },
	{ "klpl_recurse", 0, new_recurse },
	{ "klpl_gone", 0, new_gone },
};

static struct klpl_patch_info patch;

/* What the patches before it say of its state, 0 for nothing; when it begins, and when all have switched */
static unsigned int before, before_at_end;
module_param(before, uint, 0444);
module_param(before_at_end, uint, 0444);

static struct klpl_state state;
module_param_named(state, state.id, ulong, 0444);
module_param_named(version, state.version, uint, 0444);

static unsigned int version_before(void)
{
	const struct klpl_state *found = klpl_state_before(&patch, state.id);

	return found ? found->version : 0;
}

static int pre_patch(void *data)
{
	before = version_before();
	return klpl_state_get(&patch, state.id) == (state.id ? &state : NULL) ? 0 : -EINVAL;
}

static void post_patch(void *data)
{
	before_at_end = version_before();
}

static struct klpl_object_info objects[] = {
	{
		.name = "klpl_target",
		.funcs = funcs,
		.func_count = ARRAY_SIZE(funcs),
		.pre_patch = pre_patch,
		.post_patch = post_patch,
	},
};

static struct klpl_patch_info patch = {
	.states = &state,
	.owner = THIS_MODULE,
	.model = MODEL,
	.objects = objects,
	.object_count = ARRAY_SIZE(objects),
};

static unsigned int deadline_ms;
module_param(deadline_ms, uint, 0);

static bool replace;
module_param(replace, bool, 0);

/* Only these */
static char *replaces[4];
static unsigned int replace_count;
module_param_array(replaces, charp, &replace_count, 0);

/* These do not move with the others */
static char *immediate[4];
static unsigned int immediate_count;
module_param_array(immediate, charp, &immediate_count, 0);

/* Only so many of the functions, for each takes its time to get in and out */
static unsigned int few = ARRAY_SIZE(funcs);
module_param(few, uint, 0);

static bool check;
module_param(check, bool, 0);

static char *model = MODEL;
module_param(model, charp, 0);

static unsigned int together;
module_param(together, uint, 0);

static bool switched;
module_param(switched, bool, 0444);

/* What it does while everything is stopped is to fail */
static bool fail_apply;
module_param(fail_apply, bool, 0);

static int failing_apply(void *data)
{
	return -EBUSY;
}

static void set_immediate(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(funcs); i++)
		for (size_t j = 0; j < immediate_count; j++)
			funcs[i].immediate |= !strcmp(funcs[i].name, immediate[j]);
}

static int __init test_init(void)
{
	set_immediate();
	objects[0].func_count = min_t(size_t, few, ARRAY_SIZE(funcs));
	objects[0].apply = fail_apply ? failing_apply : NULL;
	patch.state_count = state.id ? 1 : 0;
	patch.switched = &switched;
	patch.check = check;
	patch.model = model;
	patch.together = together;
	patch.replace = replace || replace_count;
	patch.replaces = replace_count ? (const char *const *)replaces : NULL;
	patch.deadline_ms = deadline_ms;
	return klpl_patch_load(&patch);
}

static void __exit test_exit(void)
{
	klpl_patch_unload(&patch);
}

module_init(test_init);
module_exit(test_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A patch for tests");
