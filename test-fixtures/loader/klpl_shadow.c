// SPDX-License-Identifier: GPL-2.0
/* Shadow variables, one step after the other; the module's load fails with the number of the first that is wrong. */
#include <linux/slab.h>

#include <klpkit/loader.h>

static int constructed, destroyed;

static int construct(void *object, void *shadow, void *data)
{
	constructed++;
	if (!data)
		return -EINVAL;
	*(int *)shadow = *(int *)data;
	return 0;
}

static void destroy(void *object, void *shadow)
{
	destroyed += *(int *)shadow;
}

#define STEP(what)                                                                                 \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			pr_err("klpl_shadow: wrong: %s\n", #what);                                \
			klpl_shadow_free_all(1, NULL);                                             \
			klpl_shadow_free_all(2, NULL);                                             \
			return -EINVAL;                                                            \
		}                                                                                  \
	} while (0)

static int __init shadow_init(void)
{
	int objects[3], five = 5, six = 6, *shadow;

	STEP(!klpl_shadow_get(&objects[0], 1));
	shadow = klpl_shadow_alloc(&objects[0], 1, sizeof(int), GFP_KERNEL, construct, &five);
	STEP(shadow && *shadow == 5 && constructed == 1);
	STEP(klpl_shadow_get(&objects[0], 1) == shadow);
	STEP(!klpl_shadow_get(&objects[0], 2) && !klpl_shadow_get(&objects[1], 1));
	STEP(klpl_shadow_get_or_alloc(&objects[0], 1, sizeof(int), GFP_KERNEL, construct, &six) == shadow);
	STEP(*shadow == 5 && constructed == 1);
	shadow = klpl_shadow_get_or_alloc(&objects[1], 1, sizeof(int), GFP_ATOMIC, construct, &six);
	STEP(shadow && *shadow == 6 && constructed == 2);
	shadow = klpl_shadow_alloc(&objects[0], 2, 4096, GFP_KERNEL, NULL, NULL);
	STEP(shadow && !memchr_inv(shadow, 0, 4096));
	STEP(!klpl_shadow_alloc(&objects[2], 1, sizeof(int), GFP_KERNEL, construct, NULL));
	STEP(!klpl_shadow_get(&objects[2], 1));
	klpl_shadow_free(&objects[0], 1, destroy);
	STEP(destroyed == 5 && !klpl_shadow_get(&objects[0], 1) && klpl_shadow_get(&objects[0], 2));
	klpl_shadow_free(&objects[0], 1, destroy);
	STEP(destroyed == 5);
	klpl_shadow_free_all(1, destroy);
	STEP(destroyed == 11 && !klpl_shadow_get(&objects[1], 1) && klpl_shadow_get(&objects[0], 2));
	klpl_shadow_free_all(2, NULL);
	STEP(!klpl_shadow_get(&objects[0], 2));
	return 0;
}

static void __exit shadow_exit(void)
{
}

module_init(shadow_init);
module_exit(shadow_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of shadow variables");
