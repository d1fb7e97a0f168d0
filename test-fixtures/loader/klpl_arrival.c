// SPDX-License-Identifier: GPL-2.0
/* A function of the kernel, and one each of two modules that come and go; in that of klpl_other.c one can sleep. */
#include <linux/seq_file.h>

#include <klpkit/loader.h>

#include "klpl_sleep.h"

static noinline int new_first(void)
{
	barrier();
	return 7;
}

static noinline int new_cmdline_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by the loader\n");
	return 0;
}

static const struct klpl_func_info kernel_funcs[] = {
	{ "cmdline_proc_show", 0, new_cmdline_proc_show },
};

static const struct klpl_func_info target_funcs[] = {
	{ "klpl_first", 0, new_first },
};

static noinline int new_other(int sleep_ms)
{
	klpl_sleep(sleep_ms);
	return 7;
}

static const struct klpl_func_info other_funcs[] = {
	{ "klpl_other", 0, new_other },
};

/* Its part for klpl_target is to fail */
static bool fail_arrive;
module_param(fail_arrive, bool, 0644);

static int arrive(void *data, struct module *module)
{
	return fail_arrive ? -EINVAL : 0;
}

static const struct klpl_object_info objects[] = {
	{ .funcs = kernel_funcs, .func_count = ARRAY_SIZE(kernel_funcs) },
	{ .name = "klpl_target", .funcs = target_funcs, .func_count = ARRAY_SIZE(target_funcs), .arrive = arrive },
	{ .name = "klpl_other", .funcs = other_funcs, .func_count = ARRAY_SIZE(other_funcs) },
};

static struct klpl_patch_info patch = {
	.owner = THIS_MODULE,
	.objects = objects,
	.object_count = ARRAY_SIZE(objects),
};

static bool replace;
module_param(replace, bool, 0);

static char *replaces[4];
static unsigned int replace_count;
module_param_array(replaces, charp, &replace_count, 0);

static char *model = "task";
module_param(model, charp, 0);

static int __init arrival_init(void)
{
	patch.model = model;
	patch.replace = replace || replace_count;
	patch.replaces = replace_count ? (const char *const *)replaces : NULL;
	return klpl_patch_load(&patch);
}

static void __exit arrival_exit(void)
{
	klpl_patch_unload(&patch);
}

module_init(arrival_init);
module_exit(arrival_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A patch for tests");
