// SPDX-License-Identifier: GPL-2.0
/*
 * What every patch module is linked with: checks that this is the kernel it was built for,
 * describes itself to the livepatch core, and switches itself on.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <klpkit/object.h>

#include "build.h"
#include "data.h"
#include "held.h"
#include "identity.h"
#include "objects.h"
#include "owners.h"

static struct klp_patch patch;
const bool klpkit_by_loader;

bool klpkit_replaces(const struct klpkit_owner *owner)
{
	return klpkit_replace && !owner->by_loader;
}

unsigned int klpkit_state_before(unsigned long id)
{
	const struct klp_state *state = klp_get_prev_state(id);

	return state ? state->version : 0;
}

/* An array, the last one's id 0, is what the core wants, too; NULL: none. */
static int make_states(void)
{
	size_t count = 0;

	while (klpkit_states[count].id)
		count++;
	if (!count)
		return 0;
	patch.states = kcalloc(count + 1, sizeof(*patch.states), GFP_KERNEL);
	if (!patch.states)
		return -ENOMEM;
	while (count--) {
		patch.states[count].id = klpkit_states[count].id;
		patch.states[count].version = klpkit_states[count].version;
	}
	return 0;
}

static int __init klpkit_init(void)
{
	int err;

	err = klpkit_check_vmlinux();
	if (err)
		return err;
	err = make_states();
	if (err)
		return err;
	patch.objs = klpkit_objects_create();
	if (IS_ERR(patch.objs)) {
		kfree(patch.states);
		return PTR_ERR(patch.objs);
	}
	/* Each is checked again when it is patched; here, before anything is looked up in it. */
	err = klpkit_check_loaded(patch.objs);
	if (err)
		goto err_objects;
	err = klpkit_data_init();
	if (err)
		goto err_objects;
	err = klpkit_held_init();
	if (err)
		goto err_data;
	patch.mod = THIS_MODULE;
	patch.replace = klpkit_replace;
	err = klp_enable_patch(&patch);
	if (err)
		goto err_held;
	klpkit_held_pin();
	return 0;

err_held:
	klpkit_held_exit();
err_data:
	klpkit_data_exit();
err_objects:
	klpkit_objects_destroy(patch.objs);
	kfree(patch.states);
	return err;
}

/* Only a patch that is disabled or replaced gets here: the core holds a reference till then. */
static void __exit klpkit_exit(void)
{
	klpkit_held_exit();
	klpkit_data_exit();
	klpkit_objects_destroy(patch.objs);
	kfree(patch.states);
}

module_init(klpkit_init);
module_exit(klpkit_exit);

MODULE_DESCRIPTION("Live patch built by klpkit");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
