// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"
#include "objects.h"
#include "symbols.h"
#include "transition.h"

#define for_each_part(patch, part)                                                                 \
	for (part = (patch)->parts; part < (patch)->parts + (patch)->info->object_count; part++)
#define for_each_nop(patch, version)                                                               \
	for (version = (patch)->nops; version < (patch)->nops + (patch)->nop_count; version++)
#define for_each_version(part, version)                                                            \
	for (version = (part)->versions; version < (part)->versions + (part)->info->func_count; version++)

static int resolve_version(const struct klpl_part *part, const struct klpl_func_info *info,
			   const struct module *owner, struct klpl_version *version)
{
	*version = (struct klpl_version){
		.name = info->name,
		.owner = owner,
		.old = klpl_symbol_address(part->info->name, info->name, info->sympos),
		.new = (unsigned long)info->new_func,
	};
	INIT_LIST_HEAD(&version->stacked);
	if (!version->old)
		return -ENOENT;
	version->old_size = klpl_symbol_size(version->old);
	version->new_size = klpl_symbol_size(version->new);
	if (!version->old_size || !version->new_size) {
		pr_err("%s(): the size of the %s function is not known\n", info->name,
		       version->old_size ? "new" : "old");
		return -EINVAL;
	}
	return 0;
}

struct piece {
	struct klpl_part *part;
	const char *name;
};

static int add_piece(void *data, unsigned long address)
{
	struct piece *piece = data;

	return klpl_ranges_add(&piece->part->checks, address, klpl_symbol_size(address), piece->name);
}

/* By a jump: who is there has nothing else of the function on the stack. All of that name: one more does no harm. */
static int add_cold_piece(struct klpl_part *part, const char *name)
{
	struct piece piece = { .part = part, .name = name };
	char cold[KSYM_NAME_LEN];
	int err;

	if (snprintf(cold, sizeof(cold), "%s.cold", name) >= sizeof(cold))
		return -ENAMETOOLONG;
	err = klpl_symbol_each(part->info->name, cold, add_piece, &piece);
	return err < 0 ? err : 0;
}

static int add_check(struct klpl_part *part, const struct klpl_check_info *info)
{
	unsigned long address = klpl_symbol_address(part->info->name, info->name, info->sympos);

	if (!address)
		return -ENOENT;
	return klpl_ranges_add(&part->checks, address, klpl_symbol_size(address), info->name) ?:
	       add_cold_piece(part, info->name);
}

static void leave(struct klpl_part *part)
{
	if (part->there && part->info->leave)
		part->info->leave(part->info->data);
	part->there = false;
	klpl_ranges_free(&part->checks);
}

static int arrive(const struct klpl_patch *patch, struct klpl_part *part, struct module *module)
{
	int err = part->info->arrive ? part->info->arrive(part->info->data, module) : 0;

	if (err)
		return err;
	part->there = true;
	for (size_t i = 0; i < part->info->func_count && !err; i++) {
		err = resolve_version(part, &part->info->funcs[i], patch->info->owner, &part->versions[i]);
		if (!err)
			err = add_cold_piece(part, part->info->funcs[i].name);
	}
	for (size_t i = 0; i < part->info->check_count && !err; i++)
		err = add_check(part, &part->info->checks[i]);
	if (err)
		leave(part);
	return err;
}

/* Modules between their arrival, which we were told of, and the end of their init. */
struct arrival {
	struct list_head list;
	const struct module *module;
};

static LIST_HEAD(arrivals);

static int note_arrival(const struct module *module)
{
	struct arrival *arrival = kmalloc(sizeof(*arrival), GFP_KERNEL);

	if (!arrival)
		return -ENOMEM;
	arrival->module = module;
	list_add(&arrival->list, &arrivals);
	return 0;
}

static struct arrival *find_arrival(const struct module *module)
{
	struct arrival *arrival;

	list_for_each_entry(arrival, &arrivals, list)
		if (arrival->module == module)
			return arrival;
	return NULL;
}

static void arrived(const struct module *module)
{
	struct arrival *arrival = find_arrival(module);

	if (!arrival)
		return;
	list_del(&arrival->list);
	kfree(arrival);
}

/*
 * The part's module, kept from going; NULL when it is not there. Of a module that comes or goes, only
 * the time between the two calls of our notifier counts.
 */
static struct module *get_module(const struct klpl_part *part)
{
	struct module *module;

	rcu_read_lock_sched();
	module = klpl_find_module(part->info->name);
	if (module && ((module->state != MODULE_STATE_LIVE && !find_arrival(module)) || !try_module_get(module)))
		module = NULL;
	rcu_read_unlock_sched();
	return module;
}

static int arrive_if_there(const struct klpl_patch *patch, struct klpl_part *part)
{
	struct module *module = NULL;
	int err;

	if (part->info->name) {
		module = get_module(part);
		if (!module)
			return 0;
	}
	err = arrive(patch, part, module);
	module_put(module);
	return err;
}

int klpl_objects_create(struct klpl_patch *patch)
{
	const struct klpl_patch_info *info = patch->info;
	struct klpl_part *part;
	int err = 0;

	patch->parts = kcalloc(info->object_count, sizeof(*patch->parts), GFP_KERNEL);
	if (!patch->parts)
		return -ENOMEM;
	for (size_t i = 0; i < info->object_count && !err; i++) {
		const struct klpl_object_info *object = &info->objects[i];

		part = &patch->parts[i];
		part->info = object;
		part->versions = kcalloc(object->func_count, sizeof(*part->versions), GFP_KERNEL);
		err = part->versions ? arrive_if_there(patch, part) : -ENOMEM;
	}
	if (err)
		klpl_objects_destroy(patch);
	return err;
}

void klpl_objects_destroy(struct klpl_patch *patch)
{
	struct klpl_part *part;

	if (!patch->parts)
		return;
	for_each_part(patch, part) {
		leave(part);
		kfree(part->versions);
	}
	kfree(patch->parts);
	patch->parts = NULL;
}

/* False: some stay for good. */
static bool restore(struct klpl_part *part)
{
	struct klpl_version *version;
	bool all = true;

	for_each_version(part, version)
		all &= !klpl_redirect_remove(version);
	return all;
}

static int redirect_version(struct klpl_version *version, bool moving)
{
	version->moving = moving;
	/* the mark before the version, for the handler */
	smp_wmb();
	return klpl_redirect_add(version);
}

static int redirect(struct klpl_part *part, bool moving)
{
	struct klpl_version *version;
	int err;

	for_each_version(part, version) {
		err = redirect_version(version, moving);
		if (err) {
			restore(part);
			return err;
		}
	}
	return 0;
}

int klpl_objects_redirect(struct klpl_patch *patch)
{
	struct klpl_version *version;
	struct klpl_part *part;
	int err = 0;

	for_each_part(patch, part)
		if (part->there && !err)
			err = redirect(part, true);
	for_each_nop(patch, version)
		if (!err && version->old)
			err = redirect_version(version, true);
	if (err)
		klpl_objects_restore(patch);
	return err;
}

static const struct klpl_version *find_version(const struct klpl_patch *patch, unsigned long old)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part)
		for_each_version(part, version)
			if (part->there && version->old == old)
				return version;
	for_each_nop(patch, version)
		if (version->old == old)
			return version;
	return NULL;
}

static size_t count_versions(const struct klpl_patch *patch)
{
	size_t count = 0;

	for (size_t i = 0; i < patch->info->object_count; i++)
		count += patch->info->objects[i].func_count;
	return count;
}

static void add_nops_for(struct klpl_patch *patch, const struct klpl_patch *other)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(other, part) {
		for_each_version(part, version) {
			if (!part->there || find_version(patch, version->old))
				continue;
			patch->nops[patch->nop_count] = (struct klpl_version){
				.name = version->name,
				.old = version->old,
				.old_size = version->old_size,
			};
			INIT_LIST_HEAD(&patch->nops[patch->nop_count++].stacked);
		}
	}
}

int klpl_objects_add_nops(struct klpl_patch *patch)
{
	struct klpl_patch *other;
	size_t count = 0;

	for_each_replaced(patch, other)
		count += count_versions(other);
	if (!count)
		return 0;
	patch->nops = kcalloc(count, sizeof(*patch->nops), GFP_KERNEL);
	if (!patch->nops)
		return -ENOMEM;
	for_each_replaced(patch, other)
		add_nops_for(patch, other);
	return 0;
}

void klpl_objects_drop_nops(struct klpl_patch *patch)
{
	struct klpl_version *version;

	for_each_nop(patch, version)
		if (klpl_redirect_remove(version))
			patch->forced = true;
	if (!patch->forced)
		kfree(patch->nops);
	patch->nops = NULL;
	patch->nop_count = 0;
}

void klpl_objects_finish_replacing(struct klpl_patch *patch)
{
	struct klpl_patch *other;
	struct klpl_part *part;

	for_each_replaced(patch, other) {
		klpl_objects_restore(other);
		for_each_part(other, part)
			part->patched = false;
		WRITE_ONCE(other->enabled, false);
	}
	klpl_objects_drop_nops(patch);
}

void klpl_objects_restore(struct klpl_patch *patch)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_nop(patch, version)
		if (klpl_redirect_remove(version))
			patch->forced = true;
	for_each_part(patch, part)
		if (part->there && !restore(part))
			patch->forced = true;
}

void klpl_objects_set_moving(struct klpl_patch *patch, bool moving)
{
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part)
		for_each_version(part, version)
			WRITE_ONCE(version->moving, moving);
	for_each_nop(patch, version)
		WRITE_ONCE(version->moving, moving);
}

static bool has_version(const struct klpl_patch *patch, const struct klpl_version *wanted)
{
	struct klpl_part *part;

	for_each_part(patch, part)
		if (wanted >= part->versions && wanted < part->versions + part->info->func_count)
			return true;
	return false;
}

const struct klpl_patch *klpl_objects_hidden_by(const struct klpl_patch *patch)
{
	const struct klpl_patch *other;
	struct klpl_version *version;
	struct klpl_part *part;

	for_each_part(patch, part) {
		for_each_version(part, version) {
			if (!version->redirect || klpl_redirect_on_top(version))
				continue;
			list_for_each_entry(other, &klpl_patches, list)
				if (has_version(other, klpl_redirect_above(version)))
					return other;
		}
	}
	return NULL;
}

static int add_text(const struct module *module, struct klpl_ranges *ranges)
{
	return klpl_ranges_add(ranges, klpl_module_text(module), klpl_module_text_size(module), module->name);
}

/*
 * From the function's start to where its call of ftrace returns to. Who is there may have been told
 * where to go on, and not be there yet: a task that was preempted at the end of the handler has the
 * choice in its registers only.
 */
#define ENTRY_SIZE (4 + MCOUNT_INSN_SIZE)

static int add_entry(const struct klpl_version *version, struct klpl_ranges *ranges)
{
	return klpl_ranges_add(ranges, version->old, ENTRY_SIZE, version->name);
}

/* Of a version below: all of its module, its cold pieces among that. */
static int add_old(const struct klpl_version *version, struct klpl_ranges *ranges)
{
	const struct klpl_version *below = klpl_redirect_below(version);

	if (below && below->new)
		return add_entry(version, ranges) ?: add_text(below->owner, ranges);
	return klpl_ranges_add(ranges, version->old, version->old_size, version->name);
}

int klpl_objects_old_ranges(const struct klpl_patch *patch, struct klpl_ranges *ranges)
{
	struct klpl_patch *other;
	struct klpl_version *version;
	struct klpl_part *part;
	int err = 0;

	for_each_part(patch, part) {
		if (!part->there)
			continue;
		for_each_version(part, version)
			err = err ?: add_old(version, ranges);
		for (size_t i = 0; i < part->checks.count && !err; i++) {
			const struct klpl_range *check = &part->checks.items[i];

			err = klpl_ranges_add(ranges, check->start, check->end - check->start, check->name);
		}
	}
	for_each_nop(patch, version)
		err = err ?: add_old(version, ranges);
	/* all of what may leave memory after this */
	for_each_replaced(patch, other)
		err = err ?: add_text(other->info->owner, ranges);
	klpl_ranges_sort(ranges);
	return err;
}

/* All of its code: new helpers and pieces too. And what a nop stands for. */
int klpl_objects_new_ranges(const struct klpl_patch *patch, struct klpl_ranges *ranges)
{
	struct klpl_version *version;
	struct klpl_part *part;
	int err = add_text(patch->info->owner, ranges);

	for_each_part(patch, part)
		for_each_version(part, version)
			if (part->there && !err)
				err = add_entry(version, ranges);
	for_each_nop(patch, version)
		err = err ?: klpl_ranges_add(ranges, version->old, version->old_size, version->name);
	klpl_ranges_sort(ranges);
	return err;
}

static int pre_patch(struct klpl_part *part)
{
	int err = part->info->pre_patch ? part->info->pre_patch(part->info->data) : 0;

	part->patched = !err;
	return err;
}

static void post_unpatch(struct klpl_part *part)
{
	if (part->patched && part->info->post_unpatch)
		part->info->post_unpatch(part->info->data);
	part->patched = false;
}

void klpl_objects_post_unpatch(struct klpl_patch *patch)
{
	for (size_t i = patch->info->object_count; i--;)
		post_unpatch(&patch->parts[i]);
}

int klpl_objects_pre_patch(struct klpl_patch *patch)
{
	struct klpl_part *part;
	int err = 0;

	for_each_part(patch, part) {
		if (part->there)
			err = pre_patch(part);
		if (err) {
			klpl_objects_post_unpatch(patch);
			return err;
		}
	}
	return 0;
}

void klpl_objects_post_patch(struct klpl_patch *patch)
{
	struct klpl_part *part;

	for_each_part(patch, part)
		if (part->patched && part->info->post_patch)
			part->info->post_patch(part->info->data);
}

static void pre_unpatch(struct klpl_part *part)
{
	if (part->patched && part->info->pre_unpatch)
		part->info->pre_unpatch(part->info->data);
}

void klpl_objects_pre_unpatch(struct klpl_patch *patch)
{
	for (size_t i = patch->info->object_count; i--;)
		pre_unpatch(&patch->parts[i]);
}

/* For each of them, called once a direction. */
static int switch_part(struct klpl_part *part, bool to)
{
	int (*call)(void *data) = to ? part->info->apply : part->info->unapply;
	int err = 0;

	if (part->patched && part->applied != to) {
		err = call ? call(part->info->data) : 0;
		if (!err)
			part->applied = to;
	}
	return err;
}

int klpl_objects_switch(struct klpl_patch *patch, bool to)
{
	size_t count = patch->info->object_count, done;
	int err = 0;

	/* back in the other order */
	for (done = 0; done < count && !err; done++)
		err = switch_part(&patch->parts[to ? done : count - 1 - done], to);
	while (err && done--)
		switch_part(&patch->parts[to ? done : count - 1 - done], !to);
	return err;
}

bool klpl_objects_have_switch(const struct klpl_patch_info *info)
{
	for (size_t i = 0; i < info->object_count; i++)
		if (info->objects[i].apply || info->objects[i].unapply)
			return true;
	return false;
}

static bool is_of(const struct klpl_part *part, const struct module *module)
{
	return part->info->name && !strcmp(part->info->name, module->name);
}

/* Nobody is in it yet: it has nothing to wait for but what the rest of the patch waits for. */
static int patch_arrived(struct klpl_patch *patch, struct klpl_part *part)
{
	bool moving = klpl_transition_is_of(patch);
	int err = pre_patch(part);

	/* one that moves has its moment still before it: what it uses until then is what counts */
	if (!err && (!moving || klpl_redirect_flipped()))
		err = switch_part(part, true);
	if (!err)
		err = redirect(part, moving);
	if (!err && moving) {
		err = klpl_transition_objects_changed();
		if (err)
			restore(part);
	}
	if (!err && !moving && part->info->post_patch)
		part->info->post_patch(part->info->data);
	if (err) {
		switch_part(part, false);
		post_unpatch(part);
	}
	return err;
}

static bool names_function(const struct klpl_patch *patch, const struct module *module, const char *name)
{
	struct klpl_part *part;

	for_each_part(patch, part)
		for (size_t i = 0; is_of(part, module) && i < part->info->func_count; i++)
			if (!strcmp(part->info->funcs[i].name, name))
				return true;
	return false;
}

/*
 * Has it a function that is patched by something on its way out, and not by what takes its place? Who
 * has not switched would need it, and who has must not have it.
 */
static bool is_only_replaced(const struct module *module)
{
	const struct klpl_patch *patch = klpl_transition.patch;
	struct klpl_patch *other;
	struct klpl_part *part;

	if (!patch)
		return false;
	for_each_replaced(patch, other)
		for_each_part(other, part)
			for (size_t i = 0; is_of(part, module) && i < part->info->func_count; i++)
				if (!names_function(patch, module, part->info->funcs[i].name))
					return true;
	return false;
}

static int module_comes(struct module *module)
{
	struct klpl_patch *patch;
	struct klpl_part *part;
	int err;

	if (is_only_replaced(module)) {
		pr_err("%s is refused: %s replaces what patches it, try again\n", module->name,
		       klpl_transition.patch->name);
		return -EAGAIN;
	}
	list_for_each_entry(patch, &klpl_patches, list) {
		for_each_part(patch, part) {
			if (!is_of(part, module) || part->there)
				continue;
			err = arrive(patch, part, module);
			if (!err && patch->enabled) {
				err = patch_arrived(patch, part);
				if (err)
					leave(part);
			}
			if (err) {
				pr_err("%s is refused: %s cannot patch it (%d)\n", module->name, patch->name,
				       err);
				return err;
			}
		}
	}
	return 0;
}

/* Those of the running transition that are of the module, which is not entered any more. */
static void drop_nops_of(const struct module *module)
{
	struct klpl_patch *patch = klpl_transition.patch;
	struct klpl_version *version;

	if (!patch)
		return;
	for_each_nop(patch, version) {
		if (!version->old || !within_module(version->old, module))
			continue;
		klpl_redirect_remove(version);
		/* its place is another's soon */
		version->old = 0;
		version->old_size = 0;
	}
}

static void module_goes(struct module *module)
{
	struct klpl_patch *patch;
	struct klpl_part *part;

	drop_nops_of(module);
	list_for_each_entry_reverse(patch, &klpl_patches, list) {
		for_each_part(patch, part) {
			if (!part->there || !is_of(part, module))
				continue;
			if (!klpl_transition_is_of(patch))
				pre_unpatch(part);
			restore(part);
			switch_part(part, false);
			post_unpatch(part);
			leave(part);
		}
	}
	/* without memory the ranges stay as they were: too many, for a while */
	if (klpl_transition.patch && klpl_transition_objects_changed())
		pr_warn("%s: no memory\n", klpl_transition.patch->name);
}

static int module_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct module *module = data;
	int err = 0;

	mutex_lock(&klpl_mutex);
	switch (event) {
	case MODULE_STATE_COMING:
		err = note_arrival(module) ?: module_comes(module);
		if (!err)
			break;
		fallthrough;
	case MODULE_STATE_GOING:
		module_goes(module);
		fallthrough;
	case MODULE_STATE_LIVE:
		/* it was on its way when we came, and a patch took it for absent */
		if (event == MODULE_STATE_LIVE && !find_arrival(module))
			module_comes(module);
		arrived(module);
	}
	mutex_unlock(&klpl_mutex);
	return notifier_from_errno(err);
}

/* Last of those who see a module arrive, first of those who see it go. */
static struct notifier_block module_block = {
	.notifier_call = module_event,
	.priority = INT_MIN,
};

int klpl_objects_init(void)
{
	return register_module_notifier(&module_block);
}

void klpl_objects_exit(void)
{
	unregister_module_notifier(&module_block);
	while (!list_empty(&arrivals))
		arrived(list_first_entry(&arrivals, struct arrival, list)->module);
}
