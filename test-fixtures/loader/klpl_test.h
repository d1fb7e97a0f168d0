/* SPDX-License-Identifier: GPL-2.0 */
/* A patch of klpl_target.c to VERSION by MODEL. */
#include <klpkit/loader.h>

#include "klpl_new.h"

static const struct klpl_func_info funcs[] = {
	{ "klpl_both", 0, new_both },
	{ "klpl_first", 0, new_first },
	{ "klpl_second", 0, new_second },
	{ "klpl_recurse", 0, new_recurse },
	{ "klpl_gone", 0, new_gone },
};

static const struct klpl_object_info objects[] = {
	{ .name = "klpl_target", .funcs = funcs, .func_count = ARRAY_SIZE(funcs) },
};

static struct klpl_patch_info patch = {
	.owner = THIS_MODULE,
	.model = MODEL,
	.objects = objects,
	.object_count = ARRAY_SIZE(objects),
};

static unsigned int deadline_ms;
module_param(deadline_ms, uint, 0);

static bool replace;
module_param(replace, bool, 0);

static bool check;
module_param(check, bool, 0);

static char *model = MODEL;
module_param(model, charp, 0);

static unsigned int together;
module_param(together, uint, 0);

static bool switched;
module_param(switched, bool, 0444);

static int __init test_init(void)
{
	patch.switched = &switched;
	patch.check = check;
	patch.model = model;
	patch.together = together;
	patch.replace = replace;
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
