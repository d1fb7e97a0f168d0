// SPDX-License-Identifier: GPL-2.0
/*
 * Patches that must be refused with a reason, and with nothing left behind; and one of "none" of these kinds, which replaces
 * others if it is to.
 */
#include <linux/init.h>

#include <klpkit/loader.h>

static char *kind = "";
module_param(kind, charp, 0);

static char *model;
module_param(model, charp, 0);

static unsigned int deadline_ms;
module_param(deadline_ms, uint, 0);

static bool replace;
module_param(replace, bool, 0);

static char *replaces[4];
static unsigned int replace_count;
module_param_array(replaces, charp, &replace_count, 0);

static noinline int new_function(void)
{
	barrier();
	return 0;
}

/* The first one is fine each time, and has to be undone. */
static struct klpl_func_info funcs[] = {
	{ "cmdline_proc_show", 0, new_function },
	{ "", 0, new_function },
};

static struct klpl_object_info objects[] = {
	{ .funcs = funcs, .func_count = ARRAY_SIZE(funcs) },
};

static struct klpl_patch_info patch = {
	.owner = THIS_MODULE,
	.objects = objects,
	.object_count = ARRAY_SIZE(objects),
};

static int __init bad_init(void)
{
	patch.model = model;
	patch.replace = replace || replace_count;
	patch.replaces = replace_count ? (const char *const *)replaces : NULL;
	if (!strcmp(kind, "none")) {
		/* all is well, unless somebody has the first one */
		objects[0].func_count = 1;
	} else if (!strcmp(kind, "unknown")) {
		funcs[1].name = "klpkit_there_is_no_such_function";
	} else if (!strcmp(kind, "several")) {
		funcs[1].name = "s_show";
	} else if (!strcmp(kind, "position")) {
		funcs[1].name = "s_show";
		funcs[1].sympos = 1000;
	} else if (!strcmp(kind, "fentry")) {
		/* kernel/trace/ has none */
		funcs[1].name = "ring_buffer_lock_reserve";
	} else if (!strcmp(kind, "model")) {
		patch.model = "klpkit";
	}
	patch.deadline_ms = deadline_ms;
	return klpl_patch_load(&patch);
}

static void __exit bad_exit(void)
{
	klpl_patch_unload(&patch);
}

module_init(bad_init);
module_exit(bad_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A patch for tests");
