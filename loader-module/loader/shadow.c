// SPDX-License-Identifier: GPL-2.0
/*
 * Data that a patch attaches to objects that live already, found by the object's address and a number
 * that names the kind. Readers take no lock.
 */
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <klpkit/loader.h>

#include "shadow.h"

struct shadow {
	struct hlist_node hashed;
	struct rcu_head rcu;
	void *object;
	unsigned long id;
	/* as kmalloc() would align it */
	char data[] __aligned(ARCH_KMALLOC_MINALIGN);
};

static DEFINE_HASHTABLE(shadows, 12);
/* Writers; also in interrupts. */
static DEFINE_SPINLOCK(lock);

/* Under rcu_read_lock() or the lock. */
static struct shadow *find(const void *object, unsigned long id)
{
	struct shadow *shadow;

	hash_for_each_possible_rcu(shadows, shadow, hashed, (unsigned long)object, lockdep_is_held(&lock))
		if (shadow->object == object && shadow->id == id)
			return shadow;
	return NULL;
}

void *klpl_shadow_get(const void *object, unsigned long id)
{
	struct shadow *shadow;

	rcu_read_lock();
	shadow = find(object, id);
	rcu_read_unlock();
	return shadow ? shadow->data : NULL;
}
EXPORT_SYMBOL_GPL(klpl_shadow_get);

static void *add(void *object, unsigned long id, size_t size, gfp_t gfp, klpl_shadow_ctor ctor, void *data,
		 bool or_get)
{
	struct shadow *fresh, *there;
	unsigned long flags;
	int err = 0;

	fresh = kzalloc(struct_size(fresh, data, size), gfp);
	if (!fresh)
		return NULL;
	fresh->object = object;
	fresh->id = id;
	spin_lock_irqsave(&lock, flags);
	there = find(object, id);
	if (!there && ctor)
		err = ctor(object, fresh->data, data);
	if (!there && !err)
		hash_add_rcu(shadows, &fresh->hashed, (unsigned long)object);
	spin_unlock_irqrestore(&lock, flags);
	if (!there && !err)
		return fresh->data;
	kfree(fresh);
	if (err)
		pr_err("shadow <%p, %lx> is not made (%d)\n", object, id, err);
	else if (!or_get)
		WARN(1, "shadow <%p, %lx> is there already\n", object, id);
	return there && or_get ? there->data : NULL;
}

void *klpl_shadow_alloc(void *object, unsigned long id, size_t size, gfp_t gfp, klpl_shadow_ctor ctor,
			void *data)
{
	return add(object, id, size, gfp, ctor, data, false);
}
EXPORT_SYMBOL_GPL(klpl_shadow_alloc);

void *klpl_shadow_get_or_alloc(void *object, unsigned long id, size_t size, gfp_t gfp, klpl_shadow_ctor ctor,
			       void *data)
{
	return klpl_shadow_get(object, id) ?: add(object, id, size, gfp, ctor, data, true);
}
EXPORT_SYMBOL_GPL(klpl_shadow_get_or_alloc);

static void drop(struct shadow *shadow, klpl_shadow_dtor dtor)
{
	hash_del_rcu(&shadow->hashed);
	if (dtor)
		dtor(shadow->object, shadow->data);
	kfree_rcu(shadow, rcu);
}

void klpl_shadow_free(void *object, unsigned long id, klpl_shadow_dtor dtor)
{
	struct shadow *shadow;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	shadow = find(object, id);
	if (shadow)
		drop(shadow, dtor);
	spin_unlock_irqrestore(&lock, flags);
}
EXPORT_SYMBOL_GPL(klpl_shadow_free);

void klpl_shadow_free_all(unsigned long id, klpl_shadow_dtor dtor)
{
	struct hlist_node *next;
	struct shadow *shadow;
	unsigned long flags;
	int bucket;

	spin_lock_irqsave(&lock, flags);
	hash_for_each_safe(shadows, bucket, next, shadow, hashed)
		if (shadow->id == id)
			drop(shadow, dtor);
	spin_unlock_irqrestore(&lock, flags);
}
EXPORT_SYMBOL_GPL(klpl_shadow_free_all);

/* No patch is left: nobody can find them any more. */
void klpl_shadow_exit(void)
{
	struct hlist_node *next;
	struct shadow *shadow;
	unsigned int count = 0;
	int bucket;

	hash_for_each_safe(shadows, bucket, next, shadow, hashed) {
		drop(shadow, NULL);
		count++;
	}
	if (count)
		pr_warn("%u shadow variables were never freed\n", count);
	rcu_barrier();
}
