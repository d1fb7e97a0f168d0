// SPDX-License-Identifier: GPL-2.0
/*
 * What every patch module is linked with: checks that this is the kernel it was built for,
 * describes itself to the livepatch core, and switches itself on.
 */
#include <linux/err.h>
#include <linux/livepatch.h>
#include <linux/module.h>

#include "build.h"
#include "held.h"
#include "identity.h"
#include "objects.h"

static struct klp_patch patch;

static int __init klpkit_init(void)
{
	int err;

	err = klpkit_check_vmlinux();
	if (err)
		return err;
	patch.objs = klpkit_objects_create();
	if (IS_ERR(patch.objs))
		return PTR_ERR(patch.objs);
	/* Each is checked again when it is patched; here, before anything is looked up in it. */
	err = klpkit_check_loaded(patch.objs);
	if (err)
		goto err_objects;
	err = klpkit_held_init();
	if (err)
		goto err_objects;
	patch.mod = THIS_MODULE;
	patch.replace = klpkit_replace;
	err = klp_enable_patch(&patch);
	if (err)
		goto err_held;
	klpkit_held_pin();
	return 0;

err_held:
	klpkit_held_exit();
err_objects:
	klpkit_objects_destroy(patch.objs);
	return err;
}

/* Only a patch that is disabled or replaced gets here: the core holds a reference till then. */
static void __exit klpkit_exit(void)
{
	klpkit_held_exit();
	klpkit_objects_destroy(patch.objs);
}

module_init(klpkit_init);
module_exit(klpkit_exit);

MODULE_DESCRIPTION("Live patch built by klpkit");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
